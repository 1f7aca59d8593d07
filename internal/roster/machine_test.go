package roster

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/internal/identity"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

// doorModel is what the door should do, told as plainly as can be: which device
// has each seat, when it last spoke, and who waits.
type doorModel struct {
	now     time.Duration
	devices []*modelDevice
}

type modelDevice struct {
	seat   int // -1 when out
	status string
	own    bool
	spoke  time.Duration
	since  time.Duration
}

func (m *doorModel) alive(d *modelDevice) bool { return m.now-d.spoke < aliveFor }

// holder is the device that has the seat and is alive.
func (m *doorModel) holder(seat int) *modelDevice {
	for _, d := range m.devices {
		if d.seat == seat && d.status == "in" && m.alive(d) {
			return d
		}
	}
	return nil
}

func (d *modelDevice) end() { d.seat, d.status = -1, "out" }

// enter is a device showing the right secret of a seat.
func (m *doorModel) enter(d *modelDevice, seat int, own bool) {
	d.end()
	d.seat, d.own, d.spoke, d.since = seat, own, m.now, m.now
	m.settle(d, true)
}

// settle decides whether a device that speaks has its seat.
func (m *doorModel) settle(d *modelDevice, arriving bool) {
	d.spoke = m.now
	was := d.status
	d.status = "waiting"
	if h := m.holder(d.seat); h != nil && h != d {
		return
	}
	d.status = "in"
	if arriving || was == "waiting" {
		for _, other := range m.devices {
			if other != d && other.seat == d.seat && other.status == "in" && !other.own {
				other.end()
			}
		}
	}
}

func (m *doorModel) speak(d *modelDevice) {
	if d.seat < 0 {
		return
	}
	if m.over(d) {
		d.end()
		return
	}
	m.settle(d, false)
}

// over says whether the session has lasted as long as it may.
func (m *doorModel) over(d *modelDevice) bool {
	lasts := sharedFor
	if d.own {
		lasts = ownFor
	}
	return m.now-d.since > lasts
}

// Whatever devices, staff and time do, in any order: the door says what the
// model says, and no seat is ever had by two devices that are alive.
func TestDoorMachine(t *testing.T) {
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			db := storetest.Open(t, dialect)
			n := 0
			rapid.Check(t, func(rt *rapid.T) { n++; runMachine(t, rt, db, n) })
		})
	}
}

func runMachine(t *testing.T, rt *rapid.T, db *store.DB, run int) {
	h := build(t, db)
	h.clock.Advance(time.Duration(run) * 400 * 24 * time.Hour)
	c := h.class(2)
	h.openDoor(c, MaxDoorMinutes)
	m := &doorModel{}
	var devices []*device
	for range 4 {
		devices = append(devices, h.device())
		m.devices = append(m.devices, &modelDevice{seat: -1, status: "out"})
	}
	teacher := h.signIn("teacher", overSchool(identity.Teacher))
	group := "/schools/" + school + "/groups/" + c.group
	which := func() int { return rapid.IntRange(0, 3).Draw(rt, "device") }
	seat := func() int { return rapid.IntRange(0, 1).Draw(rt, "seat") }
	session := map[int]string{} // the session of each device
	say := func(i int) string {
		r := devices[i].want(200, "GET", "/door", nil)
		m.speak(m.devices[i])
		return r.text("status")
	}
	rt.Repeat(map[string]func(*rapid.T){
		"enter by link": func(*rapid.T) {
			i, s, own := which(), seat(), rapid.Bool().Draw(rt, "own")
			m.speak(m.devices[i]) // a request is a sign of life of the session before
			r := devices[i].link(200, c.slips[s], own)
			session[i] = r.text("session")
			m.enter(m.devices[i], s, own)
			if r.text("status") != m.devices[i].status {
				rt.Fatalf("entering gives %s, the model %s", r.text("status"), m.devices[i].status)
			}
		},
		"speak": func(*rapid.T) {
			i := which()
			if got := say(i); got != m.devices[i].status {
				rt.Fatalf("device %d is %s, the model says %s", i, got, m.devices[i].status)
			}
		},
		"leave": func(*rapid.T) {
			i := which()
			m.speak(m.devices[i])
			devices[i].want(204, "DELETE", "/door", nil)
			m.devices[i].end()
		},
		"answer": func(*rapid.T) {
			i, admit := which(), rapid.Bool().Draw(rt, "admit")
			d := m.devices[i]
			status := 204
			if d.status != "waiting" || !m.alive(d) {
				status = 410
			}
			if session[i] == "" {
				return
			}
			teacher.want(status, "POST", group+"/entries/"+session[i], map[string]any{"admit": admit})
			if status == 410 {
				return
			}
			if !admit {
				d.end()
				return
			}
			holder := m.holder(d.seat)
			for _, other := range m.devices {
				if other != d && other.seat == d.seat && other.status != "out" && (other == holder || !other.own && other.status == "in") {
					other.end()
				}
			}
			d.status, d.spoke = "in", m.now
		},
		"replace the secret": func(*rapid.T) {
			s := seat()
			fresh := newSlip(0)
			if _, err := h.ReplaceSecret(t.Context(), school, "head", c.slips[s].id, NewSecret{AuthHash: fresh.authHash, SeatCode: fresh.seatCode}); err != nil {
				rt.Fatal(err)
			}
			devices[0].want(404, "POST", "/door/link", map[string]any{"auth": c.slips[s].auth})
			m.speak(m.devices[0])
			fresh.id = c.slips[s].id
			c.slips[s] = fresh
			for _, d := range m.devices {
				if d.seat == s {
					d.end()
				}
			}
		},
		"wait": func(*rapid.T) {
			d := rapid.SampledFrom([]time.Duration{time.Second, 30 * time.Second, 89 * time.Second, 90 * time.Second, 3 * time.Minute, time.Hour, 13 * time.Hour}).Draw(rt, "time")
			h.clock.Advance(d)
			m.now += d
			if err := h.Flush(t.Context()); err != nil {
				rt.Fatal(err)
			}
		},
		"": func(*rapid.T) {
			for s := range c.slips {
				in := 0
				for _, d := range m.devices {
					if d.seat == s && d.status == "in" && m.alive(d) {
						in++
					}
				}
				present, err := h.PresentSeats(t.Context(), school, c.group)
				if err != nil {
					rt.Fatal(err)
				}
				got := 0
				for _, id := range present {
					if id == c.slips[s].id {
						got++
					}
				}
				if got > 1 || got != in {
					rt.Fatalf("seat %d is had by %d devices, the model says %d: %s", s, got, in, fmt.Sprint(m.devices))
				}
			}
		},
	})
}
