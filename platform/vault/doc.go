// Package vault keeps secrets and patients' values unreadable to whoever holds only the database,
// its log files or a backup.
//
// Keys form a chain. A site key, from a file or a passphrase, wraps every other key. Each table has
// a key; each subject (a patient) has one of their own. Values are sealed field by field with
// AES-256-GCM and are bound to their place, table, row and column, so that a value moved elsewhere
// does not open. Look-ups by equality go through a blind index, an HMAC under a key of its own.
//
// The site key and the keys of tables are replaced while work goes on: new values take the new
// key, a job carries the old ones over, and the old key is destroyed when nothing needs it any
// more. Destroying the key of a subject makes all of their values unreadable at once, wherever
// copies of the ciphertext lie.
//
// Nothing that comes out of this package as an error holds a key, a value or a subject's id.
//
// Tables it owns: vault_sites, vault_keys.
package vault
