package lesson

import (
	"context"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/identity"
	"preau/internal/media"
	"preau/internal/store"
)

// checkRoom begins the names of rooms where somebody tries their connection,
// alone and before any lesson. Lessons' rooms are UUIDs.
const checkRoom = "check-"

// checkFor is how long such a room is let in to.
const checkFor = 2 * time.Minute

// Check is what a browser tries its connection with.
type Check struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

// postCheck makes a room for the caller alone.
func (s *Service) postCheck(ctx context.Context, in *InSchool) (*answer[Check], error) {
	if s.media == nil {
		return nil, fault.New(fault.Unavailable, "lesson.no_media")
	}
	if ok, wait := s.commands.Take("check " + identity.From(ctx).Staff.ID); !ok {
		return nil, fault.New(fault.Limited, "lesson.limited").After(wait)
	}
	room := checkRoom + store.NewID()
	s.mu.Lock()
	now := s.now()
	for old, until := range s.checks {
		if until < now {
			delete(s.checks, old)
		}
	}
	s.checks[room] = now + checkFor.Milliseconds()
	s.mu.Unlock()
	token, err := s.media.Token(ctx, media.Grant{Room: room, Identity: "me", Rights: media.Rights{Microphone: true, Camera: true}})
	return give(Check{s.origin, token}, err)
}

// admitCheck lets in to a room of checkRoom that was made a moment ago.
func (s *Service) admitCheck(room string) (known bool, err error) {
	if !strings.HasPrefix(room, checkRoom) {
		return false, nil
	}
	s.mu.Lock()
	until, made := s.checks[room]
	s.mu.Unlock()
	if !made || until < s.now() {
		return true, fault.New(fault.Forbidden, "lesson.not_allowed")
	}
	return true, nil
}
