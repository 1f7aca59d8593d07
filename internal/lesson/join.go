package lesson

import (
	"context"
	"encoding/json"
	"fmt"

	"preau/internal/fault"
	"preau/internal/store"
)

const protocolVersion = 1

// hello is the first command of a connection.
type hello struct {
	Protocol  int    `json:"protocol"`
	Epoch     int64  `json:"epoch"`
	Last      int64  `json:"last"`
	Recipient string `json:"recipient"`
	MAC       string `json:"mac"`
}

// entrant is somebody at the door of a lesson, whom the server knows.
type entrant struct {
	identityOf
	role Role
}

// key names a person across connections.
func (w *identityOf) key() string {
	switch w.kind {
	case KindStaff:
		return "staff:" + w.staff
	case KindSeat:
		return "seat:" + w.seat
	}
	return "guest:" + w.guest
}

// mayEnter says, before the connection is opened, whether it would be let in.
func (h *hub) mayEnter(who *entrant) error {
	return h.state.mayJoin(h.byKey[who.key()], who.kind)
}

// join answers hello: the person is in from now on.
func (h *hub) join(c *conn, f frame) {
	var in hello
	if err := json.Unmarshal(f.raw, &in); err != nil {
		c.refuse(f.ID, badMember(err))
		c.bye(byeRefused, 0)
		return
	}
	if in.Protocol != protocolVersion {
		c.bye(byeProtocol, protocolVersion)
		return
	}
	if len(in.Recipient) > maxMAC || len(in.MAC) > maxMAC {
		c.refuse(f.ID, badChoice("recipient"))
		c.bye(byeRefused, 0)
		return
	}
	if err := h.mayEnter(c.who); err != nil {
		c.refuse(f.ID, err)
		c.bye(byeRefused, 0)
		return
	}
	if len(h.conns) >= mostPeople {
		c.refuse(f.ID, fault.New(fault.Limited, "lesson.crowded"))
		c.bye(byeRefused, 0)
		return
	}
	id, changes := h.personOf(c.who)
	c.viewer = viewer{id: id, staff: c.who.kind == KindStaff}
	c.recipient, c.mac = in.Recipient, in.MAC
	if old := h.conns[id]; old != nil {
		old.bye(byeReplaced, 0)
	}
	h.conns[id] = c
	h.idle = 0
	delete(h.lingered, id)
	verified := c.who.kind == KindStaff || c.who.kind == KindSeat && in.Recipient != "" && in.MAC != ""
	if p := h.state.People[id]; p == nil || !p.Here || p.Role != c.who.role || p.Verified != verified {
		h.emit(id, Joined{Who: id, Kind: c.who.kind, Role: c.who.role, Verified: verified}, changes...)
	}
	h.batch.parcels = append(h.batch.parcels, parcel{to: c, welcome: true, frame: h.welcome(c, in)})
	h.keysFor(c)
}

// personOf gives the lesson's own id of somebody, a new one the first time.
func (h *hub) personOf(who *entrant) (string, []change) {
	id, known := h.byKey[who.key()]
	if known {
		*h.sight.people[id] = who.identityOf // a name or the seats given may have changed
		return id, nil
	}
	id = fmt.Sprintf("p%d", h.nextID)
	h.nextID++
	described := who.identityOf
	h.byKey[who.key()] = id
	h.sight.people[id] = &described
	lesson := h.lesson
	return id, []change{func(ctx context.Context, tx store.Queryer) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO lesson_person (lesson_id, id, school_id, kind, seat_id, staff_id, guest_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			lesson.ID, id, lesson.School, string(described.kind), null(described.seat), null(described.staff), null(described.guest))
		return err
	}}
}

// welcome is the events since the last one seen, where that can be said, or
// the whole state.
func (h *hub) welcome(c *conn, in hello) []byte {
	about := map[string]any{"type": "welcome", "protocol": protocolVersion, "now": h.service.now()}
	if !h.canSay(c, in) {
		return merge(encode(about), encode(h.sight.snapshot(h.state, c.viewer)))
	}
	since := []json.RawMessage{}
	for i := range h.ring {
		if h.ring[i].n > in.Last {
			if frame := h.ring[i].seenBy(c.viewer); frame != nil {
				since = append(since, frame)
			}
		}
	}
	about["me"], about["epoch"], about["n"], about["since"] = c.viewer.id, h.lease.epoch, h.state.N, since
	return encode(about)
}

// canSay says whether the events after the last one that a client saw are at
// hand and enough.
func (h *hub) canSay(c *conn, in hello) bool {
	known := in.Last > 0 && in.Last <= h.state.N && in.Epoch > 0 && in.Epoch <= h.lease.epoch
	return known && len(h.ring) > 0 && in.Last >= h.ring[0].n && (c.viewer.staff || in.Last >= h.state.Reset)
}

// keysFor tells staff the public key of somebody who has come, and somebody of
// the staff those of all who are here.
func (h *hub) keysFor(c *conn) {
	if own := c.keyOf(); own != nil {
		frame := merge([]byte(`{"type":"signal"}`), encode(own))
		for _, other := range h.conns {
			if other != c && other.viewer.staff {
				h.batch.parcels = append(h.batch.parcels, parcel{to: other, frame: frame})
			}
		}
	}
	if !c.viewer.staff {
		return
	}
	for _, other := range h.conns {
		if key := other.keyOf(); other != c && key != nil {
			h.batch.parcels = append(h.batch.parcels, parcel{to: c, frame: merge([]byte(`{"type":"signal"}`), encode(key))})
		}
	}
}

// connectionEnded is told by a connection that has ended.
func (h *hub) connectionEnded(c *conn) {
	if h.conns[c.viewer.id] != c {
		return
	}
	delete(h.conns, c.viewer.id)
	h.lingered[c.viewer.id] = h.service.now() + lingers.Milliseconds()
}

// quiet tells the others that a connection is silent, or heard again.
func (h *hub) quiet(c *conn, quiet bool) {
	if h.conns[c.viewer.id] == c {
		h.signal([]signal{{toAll, map[string]any{"sig": "quiet", "who": c.viewer.id, "quiet": quiet}}})
	}
}
