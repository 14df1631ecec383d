package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Cost of one password hash (argon2id, RFC 9106). At most two run at once, so a flood of sign-ins
// costs time and never memory.
const (
	hashMemory  = 64 << 10 // KiB
	hashPasses  = 2
	hashThreads = 1
	hashAtOnce  = 2
	saltBytes   = 16
	keyBytes    = 32
)

const (
	minPassword = 12 // characters
	maxPassword = 1024
)

type hasher struct {
	once  sync.Once
	slots chan struct{}
}

func (h *hasher) enter(ctx context.Context) error {
	h.once.Do(func() { h.slots = make(chan struct{}, hashAtOnce) })
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &ward.Error{Kind: ward.Unavailable, Op: "access.hash", Msg: "Too many people are signing in. Try again.", Err: ctx.Err()}
	}
}

// make hashes a password into "memory,passes,threads,salt,key", so that the cost can grow later.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || len(password) > maxPassword {
		return "", &ward.Error{Kind: ward.Invalid, Op: "access.hash",
			Msg: fmt.Sprintf("A password needs at least %d characters. A few words in a row are easy to remember.", minPassword)}
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.slots }()
	salt := make([]byte, saltBytes)
	rand.Read(salt) //nolint:errcheck // never fails since Go 1.24
	key := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashThreads, keyBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("%d,%d,%d,%s,%s", hashMemory, hashPasses, hashThreads, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// check compares a password with a stored hash. An empty hash, of nobody or of somebody without a
// password, takes as long and never fits.
func (h *hasher) check(ctx context.Context, stored, password string) (bool, error) {
	if len(password) > maxPassword {
		return false, nil
	}
	memory, passes, threads := uint32(hashMemory), uint32(hashPasses), uint8(hashThreads)
	salt, want := make([]byte, saltBytes), make([]byte, keyBytes)
	known := stored != ""
	if known {
		var tail string
		if _, err := fmt.Sscanf(stored, "%d,%d,%d,%s", &memory, &passes, &threads, &tail); err != nil {
			return false, fmt.Errorf("stored password hash: %w", err)
		}
		s, k, _ := strings.Cut(tail, ",")
		var err error
		if salt, err = base64.RawStdEncoding.DecodeString(s); err != nil {
			return false, fmt.Errorf("stored password hash: %w", err)
		}
		if want, err = base64.RawStdEncoding.DecodeString(k); err != nil {
			return false, fmt.Errorf("stored password hash: %w", err)
		}
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer func() { <-h.slots }()
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(want))) //nolint:gosec // 32
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// newToken makes an unguessable token and the hash under which it is stored.
func newToken(prefix string) (token, hash string) {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never fails since Go 1.24
	token = prefix + base64.RawURLEncoding.EncodeToString(b)
	return token, hashOf(token)
}

func hashOf(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
