// Package sim is a pretend hospital that speaks real bytes. Its devices say on a made-up network
// what such devices say on a real one, frame by frame, and the frames go through the same wire,
// identity and register as real traffic. Everything in it is invented: people, places, serials
// and values. The demo and the tests use it.
package sim
