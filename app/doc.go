// Package app builds every part of Wardkeeper and connects them. Reading flow.go is reading the
// architecture; the other files start one way of running it: scan, serve, demo.
package app
