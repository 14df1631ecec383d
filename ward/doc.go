// Package ward is the vocabulary that every stage of Wardkeeper shares: devices, the claims made
// about them, the evidence behind each claim, conversations, findings, coverage and errors.
//
// It imports nothing of ours and holds values, not behaviour. A word enters when three or more
// stages need it.
package ward
