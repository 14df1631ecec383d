package gear

// IsDefaultPair reports whether a user name and password are a pair with which devices leave the
// factory, for the decoder of HTTP.
func IsDefaultPair(user, password []byte) bool { return isDefaultPair(user, password) }
