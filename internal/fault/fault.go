package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of refusal an error is.
type Kind string

// The kinds, each with one HTTP status in package httpx.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Conflict        Kind = "conflict"
	Gone            Kind = "gone"
	Locked          Kind = "locked"
	TooLarge        Kind = "too_large"
	Limited         Kind = "limited"
	Unavailable     Kind = "unavailable"
)

// Error is a refusal that a person can act on. Extra reaches the client as
// members of the problem document and must hold nothing secret.
type Error struct {
	Kind       Kind
	Key        string         // "domain.key" in the catalogue
	Args       map[string]any // arguments of that text
	Field      string         // the field at fault, as the client named it
	RetryAfter time.Duration  // when above zero, how long to wait before another try
	Extra      map[string]any
	Cause      error // for the log alone
}

// New makes an Error. args alternate a name and its value; an odd number of
// them is a programming error and panics at once.
func New(kind Kind, key string, args ...any) *Error {
	if len(args)%2 != 0 {
		panic("fault.New: arguments go by pairs")
	}
	e := &Error{Kind: kind, Key: key}
	for i := 0; i < len(args); i += 2 {
		if e.Args == nil {
			e.Args = make(map[string]any, len(args)/2)
		}
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}

// At names the field at fault.
func (e *Error) At(field string) *Error { e.Field = field; return e }

// After says how long the caller should wait.
func (e *Error) After(d time.Duration) *Error { e.RetryAfter = d; return e }

// Because keeps the technical cause for the log.
func (e *Error) Because(err error) *Error { e.Cause = err; return e }

// With adds a member to the problem document.
func (e *Error) With(key string, value any) *Error {
	if e.Extra == nil {
		e.Extra = map[string]any{}
	}
	e.Extra[key] = value
	return e
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Key, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Key)
}

func (e *Error) Unwrap() error { return e.Cause }

// Of returns the Error in err's chain, or nil.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is says whether err is a refusal of that kind.
func Is(err error, kind Kind) bool {
	e := Of(err)
	return e != nil && e.Kind == kind
}
