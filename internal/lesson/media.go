package lesson

import "preau/internal/fault"

// Media is what a lesson needs of the engine.
type Media interface{}

func (h *hub) mediaChanged()            {}
func (h *hub) mediaTick()               {}
func (h *hub) mediaEnd()                {}
func (h *hub) mediaMute(events []Event) {}
func (h *hub) mediaToken(c *conn, f frame) {
	c.refuse(f.ID, fault.New(fault.Unavailable, "lesson.no_media"))
}
