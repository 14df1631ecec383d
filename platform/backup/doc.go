// Package backup carries the whole of a Wardkeeper away in one encrypted file, brings it back, and
// proves now and then that it could.
//
// A backup is an age file (age-encryption.org/v1) around a compressed tar: a consistent copy of the
// database, the small files of the data folder, the site key wrapped once more for the recovery key
// alone, and a manifest with the hash of each file, the rows of each table and the root of the
// audit log. It is encrypted to the recovery key, which the hospital keeps on paper or in a safe,
// and to a key of the server's own, so that it can rehearse by itself every night. By default both
// are post-quantum hybrids (ML-KEM-768 with X25519): what is copied today must not be read in
// twenty years.
//
// A rehearsal restores into a scratch folder and checks everything that can be checked.
//
// Tables it owns: backup_rehearsals, backup_identities.
package backup
