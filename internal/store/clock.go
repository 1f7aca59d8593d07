package store

import (
	"time"

	"github.com/google/uuid"
)

// Clock gives the time; tests put their own.
type Clock interface{ Now() time.Time }

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is the present time.
func (SystemClock) Now() time.Time { return time.Now() }

// NewID makes a UUIDv7 in lower case (RFC 9562 section 5.7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
