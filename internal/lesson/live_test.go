package lesson_test

import (
	"testing"
)

// The shortest way through: a lesson is opened, two come in, one speaks.
func TestAMessageReachesTheOthers(t *testing.T) {
	eachStore(t, 1, func(t *testing.T, h *house) {
		id := h.openLesson()
		teacher := h.live(id, h.teacher)
		pupil := h.live(id, h.enter(0))
		until(t, pupil, "attended", attended)
		if said := do(t, pupil, "say", map[string]any{"text": "Bonjour", "to": "all"}); said["message"] == "" {
			t.Errorf("no message in %v", said)
		}
		until(t, teacher, "the message", hasMessage("Bonjour"))
		until(t, pupil, "the message", hasMessage("Bonjour"))
	})
}
