// Package e2e holds scenarios over the whole program: scripts that drive the command line as a
// person does, and browser journeys in e2e/browser.
package e2e
