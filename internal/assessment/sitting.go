package assessment

import (
	"time"

	"preau/internal/fault"
)

// Status of a sitting.
type Status string

// The statuses. A sitting that waits has not been given any question.
const (
	Waiting  Status = "waiting"
	Running  Status = "running"
	Paused   Status = "paused"
	Finished Status = "finished"
)

// Grace is how long after its end a sitting still takes answers that count:
// what was written in time may be on its way.
const Grace = 30 * time.Second

// Bounds of what staff may give.
const (
	maxExtension = 180 // minutes at once
	maxSequence  = 240 // minutes of a sequence
)

// Sitting is the state of one seat's work on one sequence. Times are UTC ms, 0
// for none.
type Sitting struct {
	ID, School, Campaign, Seat string
	Sequence                   int
	Seed                       uint64
	Status                     Status
	Device                     int // whose answers count first: 1, 2…
	Asking                     int // a further device that waits for staff's yes; 0 for none
	Stage                      int // how many stages are done
	StartedAt, EndsAt          int64
	PausedAt, FinishedAt       int64
}

// Start gives a sitting its first question.
func (s *Sitting) Start(now int64, length time.Duration) error {
	if s.Status != Waiting {
		return refuse("already_started")
	}
	s.Status, s.StartedAt, s.EndsAt = Running, now, now+length.Milliseconds()
	return nil
}

// Pause stops the clock.
func (s *Sitting) Pause(now int64) error {
	if s.Status != Running {
		return refuse("not_running")
	}
	if s.over(now) {
		return refuse("time_over")
	}
	s.Status, s.PausedAt = Paused, now
	return nil
}

// Resume lets the clock go on: the time of the pause is given back.
func (s *Sitting) Resume(now int64) error {
	if s.Status != Paused {
		return refuse("not_paused")
	}
	s.Status, s.EndsAt, s.PausedAt = Running, s.EndsAt+max(0, now-s.PausedAt), 0
	return nil
}

// Extend gives more time, from now when the time is over.
func (s *Sitting) Extend(now int64, minutes int) error {
	if minutes < 1 || minutes > maxExtension {
		return fault.New(fault.Invalid, "assessment.bad_minutes", "count", maxExtension).At("minutes")
	}
	if s.Status != Running && s.Status != Paused {
		return refuse("not_running")
	}
	from := s.EndsAt
	if s.Status == Running {
		from = max(from, now)
	}
	s.EndsAt = from + int64(minutes)*time.Minute.Milliseconds()
	return nil
}

// Finish ends the sitting: by the pupil, by staff, or because the time is over.
func (s *Sitting) Finish(now int64) error {
	if s.Status != Running && s.Status != Paused {
		return refuse("not_running")
	}
	s.Status, s.FinishedAt, s.PausedAt = Finished, now, 0
	return nil
}

// Reopen lets a finished sitting go on for some minutes, from the same stage.
func (s *Sitting) Reopen(now int64, minutes int) error {
	if minutes < 1 || minutes > maxExtension {
		return fault.New(fault.Invalid, "assessment.bad_minutes", "count", maxExtension).At("minutes")
	}
	if s.Status != Finished {
		return refuse("not_finished")
	}
	s.Status, s.FinishedAt, s.EndsAt = Running, 0, now+int64(minutes)*time.Minute.Milliseconds()
	return nil
}

// Ask is a further device that wants to go on with the sitting.
func (s *Sitting) Ask() (device int) {
	if s.Asking == 0 {
		s.Asking = s.Device + 1
	}
	return s.Asking
}

// Admit lets the further device take the sitting over.
func (s *Sitting) Admit() error {
	if s.Asking == 0 {
		return refuse("nobody_asks")
	}
	s.Device, s.Asking = s.Asking, 0
	return nil
}

// Refuse sends the further device away. Its number is not used again.
func (s *Sitting) Refuse() error {
	if s.Asking == 0 {
		return refuse("nobody_asks")
	}
	s.Asking = 0
	return nil
}

// over says whether the time is over, grace included.
func (s *Sitting) over(now int64) bool {
	return s.Status == Running && now > s.EndsAt+Grace.Milliseconds()
}

// counts says whether an answer that comes now from a device counts as it is.
// One that does not is kept all the same, marked late.
func (s *Sitting) counts(device int, now int64) bool {
	switch s.Status {
	case Running:
		return device == s.Device && !s.over(now)
	case Paused: // written before the pause, or while the word of it was on its way
		return device == s.Device
	}
	return false
}

func refuse(key string) *fault.Error { return fault.New(fault.Conflict, "assessment."+key) }
