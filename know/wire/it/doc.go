// Package it holds the decoders of what a hospital network has besides its clinical and building
// devices: address and name services, files, web, log-in, network gear and printers.
//
// In comes one packet or the bytes of one connection, out go fields said of whoever sent them
// (package decode). One file per protocol; decoders.go lists them. Questions never describe the
// one who asks, and a proxy's or cloud server's words never describe another device.
package it
