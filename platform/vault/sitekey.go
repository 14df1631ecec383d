package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"crypto/hkdf"
)

// keySize is the size of every key, in bytes: AES-256 and HMAC-SHA256.
const keySize = 32

// SiteKey wraps the keys of tables and subjects. A key in a TPM or an HSM fits behind it: nothing
// here asks for its bytes.
type SiteKey interface {
	// Site describes the key without revealing it.
	Site() Site
	// Wrap encrypts a key; place is authenticated with it.
	Wrap(ctx context.Context, key, place []byte) ([]byte, error)
	// Unwrap undoes Wrap. A wrong place or any changed bit is an error.
	Unwrap(ctx context.Context, wrapped, place []byte) ([]byte, error)
}

// Exporter is a SiteKey that can be carried away in a backup, encrypted.
type Exporter interface {
	// Export gives a copy of the key's 32 bytes. The caller clears it.
	Export() []byte
}

// Site is what the database knows of a site key.
type Site struct {
	ID      string    `json:"id"`   // a fingerprint of the key, 16 hex digits
	Kind    string    `json:"kind"` // "file" or "passphrase"
	Salt    []byte    `json:"-"`    // of the passphrase
	Cost    Cost      `json:"-"`    // of the passphrase
	State   string    `json:"state"`
	Created time.Time `json:"created"`
	Ended   time.Time `json:"ended,omitzero"`
}

// Cost is what one derivation from a passphrase costs (argon2id, RFC 9106).
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// localKey is a site key in this process's memory.
type localKey struct {
	site Site
	key  []byte
	aead cipher.AEAD
}

// newLocalKey takes 32 bytes over; the caller must not keep them.
func newLocalKey(key []byte, site Site) (*localKey, error) {
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	site.ID = fingerprint(key)
	return &localKey{site, key, aead}, nil
}

// fingerprint names a key without saying anything about it: two keys, or the same key from a
// file and from a passphrase, are told apart or recognised by it.
func fingerprint(key []byte) string {
	out, err := hkdf.Key(sha256.New, key, nil, "wardkeeper site key fingerprint", 8)
	if err != nil { // only an impossible length can bring this about
		return ""
	}
	return hex.EncodeToString(out)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != keySize {
		return nil, errors.New("a key has the wrong size")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (k *localKey) Site() Site { return k.site }

func (k *localKey) Export() []byte { return append([]byte(nil), k.key...) }

func (k *localKey) Wrap(_ context.Context, key, place []byte) ([]byte, error) {
	return k.aead.Seal(nil, nil, key, place), nil
}

func (k *localKey) Unwrap(_ context.Context, wrapped, place []byte) ([]byte, error) {
	return k.aead.Open(nil, nil, wrapped, place)
}

// String keeps the key out of every printed form.
func (k *localKey) String() string { return "site key " + k.site.ID }

// GoString keeps the key out of %#v.
func (k *localKey) GoString() string { return k.String() }
