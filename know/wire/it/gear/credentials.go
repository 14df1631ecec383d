package gear

import "bytes"

// defaultPairs are user names and passwords with which devices leave the factory, as their
// makers' manuals print them and as the Mirai worm's published list tries them.
var defaultPairs = [...][2]string{
	{"admin", "admin"}, {"admin", "password"}, {"admin", "1234"}, {"admin", "12345"}, {"admin", "123456"},
	{"admin", "1111"}, {"admin", "default"}, {"admin", "changeme"}, {"admin", "ADMIN"}, {"ADMIN", "ADMIN"},
	{"Administrator", "admin"}, {"administrator", "1234"}, {"root", "root"}, {"root", "admin"},
	{"root", "password"}, {"root", "12345"}, {"root", "123456"}, {"root", "default"}, {"root", "pass"},
	{"root", "xc3511"}, {"root", "vizxv"}, {"root", "calvin"}, {"cisco", "cisco"}, {"ubnt", "ubnt"},
	{"pi", "raspberry"}, {"user", "user"}, {"guest", "guest"}, {"support", "support"}, {"service", "service"},
	{"tech", "tech"}, {"supervisor", "supervisor"}, {"operator", "operator"}, {"manager", "friend"},
	{"apc", "apc"}, {"device", "apc"}, {"netscreen", "netscreen"}, {"USER", "USER"}, {"test", "test"},
}

// IsDefaultPair reports whether a log-in is one that devices leave the factory with.
func IsDefaultPair(user, password []byte) bool {
	for _, p := range defaultPairs {
		if string(user) == p[0] && string(password) == p[1] {
			return true
		}
	}
	return false
}

// secret holds a user name and password for as long as it takes to compare them with the list.
type secret struct {
	user, password [32]byte
	nUser, nPass   int
	long           bool // longer than any pair in the list
}

func (s *secret) setUser(b []byte) {
	s.nUser = copy(s.user[:], b)
	s.long = len(b) > len(s.user)
}

func (s *secret) setPassword(b []byte) {
	s.nPass = copy(s.password[:], b)
	s.long = s.long || len(b) > len(s.password)
}

// isDefault compares and forgets.
func (s *secret) isDefault() bool {
	known := !s.long && IsDefaultPair(s.user[:s.nUser], s.password[:s.nPass])
	*s = secret{}
	return known
}

// isAnonymous reports whether a user name is one of those for guests (RFC 1635).
func isAnonymous(user []byte) bool {
	return bytes.EqualFold(user, []byte("anonymous")) || bytes.EqualFold(user, []byte("ftp"))
}
