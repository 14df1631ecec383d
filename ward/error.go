package ward

import (
	"errors"
	"fmt"
)

// Kind sorts errors by what the person at the other end can do about them.
type Kind uint8

// The kinds of error.
const (
	Internal    Kind = iota // our fault: look at the log
	Invalid                 // the input is wrong: correct it
	NotFound                // there is no such thing
	Conflict                // it clashes with what is there
	Forbidden               // not allowed to this person
	Unavailable             // try again later
	Timeout                 // took too long
)

// String writes the kind in words.
func (k Kind) String() string {
	return [...]string{"internal", "invalid", "not found", "conflict", "forbidden", "unavailable", "timeout"}[k]
}

// HTTPStatus is the status that answers an error of this kind (RFC 9110).
func (k Kind) HTTPStatus() int {
	return [...]int{500, 400, 404, 409, 403, 503, 504}[k]
}

// ExitCode is the exit code of a command that ends with an error of this kind.
func (k Kind) ExitCode() int {
	return [...]int{1, 2, 3, 4, 5, 6, 7}[k]
}

// Error carries an operation, a sentence for people and the cause for operators. People see Msg:
// what happened and what to do. Operators see the chain.
type Error struct {
	Kind Kind
	Op   string // package.operation
	Msg  string
	Err  error
}

// Error writes the chain for operators.
func (e *Error) Error() string {
	switch {
	case e.Err == nil:
		return e.Msg
	case e.Msg == "":
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Msg, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the outermost Error in the chain; a plain error is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Message is what a person may see of an error: never an internal chain.
func Message(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Msg != "" {
		return e.Msg
	}
	return "Something went wrong on our side. It has been written to the log."
}
