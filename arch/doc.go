// Package arch holds tests about the source itself: which package may import which, how large a
// file, a function and a directory may grow, and that every package says what it is for. It
// imports nothing of ours, so that its messages are seen even when the rest does not compile.
package arch
