// Package prints is the fingerprint language, the built-in fingerprints and the loader for recog
// directories.
package prints

// Set is a collection of fingerprints, indexed by the field they read.
type Set struct{}

// Builtin is the set that is compiled in.
func Builtin() *Set { return &Set{} }
