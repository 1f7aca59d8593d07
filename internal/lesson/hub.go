package lesson

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"preau/internal/fault"
	"preau/internal/store"
)

const (
	// lingers is how long somebody whose connection broke still counts as in. A
	// connection is found broken within 5 s: with this, staff who drop leave a
	// lesson unattended within 10 s.
	lingers = 3 * time.Second
	// returns is the same after a restart of the server.
	returns = 8 * time.Second
	// tickEvery is how often the hub looks at its clocks.
	tickEvery = 250 * time.Millisecond
	// waitsFor is how long a guest who no longer asks still waits in the lobby.
	waitsFor = 30 * time.Second
	// unloadAfter is when a lesson where nobody is connected leaves memory.
	unloadAfter = 10 * time.Minute
	// recent is how many events are kept for those who come back.
	recent = 512
	// appendFor bounds the tries of one append.
	appendFor = 10 * time.Second
	// turnsAtOnce bounds what is gathered before an append starts.
	turnsAtOnce = 64
)

// hub owns one open lesson. All its fields but in, ended and gone belong to its
// goroutine, run; others reach it by do.
type hub struct {
	service *Service
	log     *slog.Logger
	lease   *lease
	lesson  lessonRow
	guests  bool // the school lets guests be invited
	table   map[string]spec
	sight   sight
	stage   *stage // nil without media

	state    *State // ahead of the disk by batch and what is being written
	nextID   int    // of a person
	byKey    map[string]string
	conns    map[string]*conn // by person: those who have said hello
	lingered map[string]int64 // by person without connection: when they count as gone, UTC ms
	lobby    map[string]int64 // by waiting guest: when they last asked, UTC ms
	idle     int64            // since when nobody is connected, UTC ms; 0 while somebody is
	ring     []news

	batch   batch
	writing bool
	written chan error
	sent    batch // being written

	in   chan func()
	stop chan struct{} // closed to ask the end
	once sync.Once
	gone chan struct{} // closed at the end
}

// batch is what one append writes, and what may leave once it is on disk.
type batch struct {
	records []Record
	changes []change
	parcels []parcel
}

// parcel is something that waits for its append.
type parcel struct {
	news    *news  // to all who may see it
	to      *conn  // or to one
	frame   []byte // for to
	welcome bool   // from here on, to receives news
	bye     string // for to: the last frame
	after   func() // or something to do
}

// load takes the lease of an open lesson and makes its hub from the log.
func (s *Service) load(ctx context.Context, row lessonRow) (*hub, error) {
	l, err := takeLease(ctx, s.db, row.School, row.ID)
	if err != nil {
		return nil, err
	}
	h := &hub{
		service: s, log: s.log, lease: l, lesson: row, table: commands(), state: newState(),
		sight: sight{lesson: row.ID, title: row.Title, epoch: l.epoch, people: map[string]*identityOf{}},
		byKey: map[string]string{}, conns: map[string]*conn{}, lingered: map[string]int64{}, lobby: map[string]int64{},
		written: make(chan error, 1), in: make(chan func(), 256), stop: make(chan struct{}), gone: make(chan struct{}), nextID: 1,
	}
	if err := h.readPeople(ctx); err != nil {
		return nil, err
	}
	set, err := s.Settings(ctx, row.School)
	if err != nil {
		return nil, err
	}
	h.guests = set.Guests
	if s.media != nil {
		h.stage = newStage(s.media, row.ID, s.log)
	}
	var next int64
	if err := s.db.Reader().QueryRowContext(ctx, `SELECT next_n FROM lesson WHERE id = $1`, row.ID).Scan(&next); err != nil {
		return nil, err
	}
	err = readLog(ctx, s.db.Reader(), row.ID, func(r Record, _ int64) error {
		h.state.apply(r)
		if r.N > next-recent {
			h.remember(h.sight.news(h.state, r))
			h.forgetSaid(r.Event)
		}
		return nil
	})
	h.state.N = next - 1 // an erasure may have taken the last events
	now := s.now()
	h.idle = now
	for _, p := range h.state.People {
		if n, ok := personNumber(p.ID); ok {
			h.nextID = max(h.nextID, n+1)
		}
		if p.Here {
			h.lingered[p.ID] = now + returns.Milliseconds()
		}
	}
	for _, l := range h.state.Waiting {
		h.lobby[l.Who] = now
	}
	if h.stage != nil {
		h.stage.wanted = h.state.places()
	}
	return h, err
}

func personNumber(id string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "p"))
	return n, err == nil
}

// readPeople finds who stands behind each id of the lesson.
func (h *hub) readPeople(ctx context.Context) error {
	people, err := readPeople(ctx, h.service.db.Reader(), h.lesson.ID)
	if err != nil {
		return err
	}
	for id, who := range people {
		if err := h.service.describe(ctx, h.lesson.School, who); err != nil {
			return err
		}
		h.sight.people[id] = who
		h.byKey[who.key()] = id
		if n, ok := personNumber(id); ok {
			h.nextID = max(h.nextID, n+1)
		}
	}
	return nil
}

func (h *hub) remember(n news) {
	if len(h.ring) >= 2*recent {
		h.ring = append([]news(nil), h.ring[recent:]...)
	}
	h.ring = append(h.ring, n)
}

// forgetSaid takes the words of deleted messages out of what those who come back
// are given.
func (h *hub) forgetSaid(e Event) {
	deleted, ok := e.(Deleted)
	if !ok {
		return
	}
	for i := range h.ring {
		if n := &h.ring[i]; n.said != "" && (n.said == deleted.ID || n.by == deleted.Who) {
			n.whole, n.part = nil, nil
		}
	}
}

// do runs f in the hub's goroutine, after what came before it. It says false
// when the hub has ended.
func (h *hub) do(f func()) bool {
	select {
	case h.in <- f:
		return true
	case <-h.gone:
		return false
	}
}

// ask is do that waits for f to have run.
func (h *hub) ask(ctx context.Context, f func()) error {
	done := make(chan struct{})
	if !h.do(func() { f(); close(done) }) {
		return errLease
	}
	select {
	case <-done:
		return nil
	case <-h.gone:
		return errLease
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end asks the hub to stop and waits until it has.
func (h *hub) end() {
	h.once.Do(func() { close(h.stop) })
	<-h.gone
}

// run is the goroutine that owns the lesson.
func (h *hub) run() {
	ticks := time.NewTicker(tickEvery)
	defer ticks.Stop()
	defer close(h.gone)
	why := ""
	for why == "" {
		select {
		case f := <-h.in:
			f()
			for more := 1; more < turnsAtOnce && len(h.in) > 0; more++ {
				(<-h.in)()
			}
		case err := <-h.written:
			if err != nil {
				h.log.Error("a lesson's log could not be written", "id", h.lesson.ID, "error", err)
				why = byeRestart
				continue
			}
			h.settle()
		case <-ticks.C:
			h.tick()
		case <-h.stop:
			why = byeRestart
			continue
		}
		if why = h.next(); why != "" {
			continue
		}
	}
	h.finish(why)
}

// next starts the append of what was gathered, when none is on its way, and
// says why the hub should end, "" when it should not.
func (h *hub) next() string {
	if h.writing {
		return ""
	}
	if len(h.batch.records) > 0 {
		h.sent, h.batch = h.batch, batch{}
		h.writing = true
		go h.write(h.sent)
		return ""
	}
	h.deliver(h.batch.parcels)
	h.batch.parcels = h.batch.parcels[:0]
	switch {
	case h.state.Ended != 0:
		return byeEnded
	case h.idle != 0 && h.service.now()-h.idle > unloadAfter.Milliseconds() && len(h.lingered) == 0 && len(h.lobby) == 0:
		return byeRestart
	}
	return ""
}

// write appends until it succeeds, the lease is lost or the time is over.
func (h *hub) write(b batch) {
	ctx, cancel := context.WithTimeout(context.Background(), appendFor)
	defer cancel()
	for {
		err := h.lease.append(ctx, b.records, b.changes)
		if !fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			h.written <- err
			return
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// settle sends what waited for the append that has been done.
func (h *hub) settle() {
	h.deliver(h.sent.parcels)
	h.writing, h.sent = false, batch{}
}

// finish closes every connection, after what is on its way to disk.
func (h *hub) finish(why string) {
	if h.writing {
		if err := <-h.written; err == nil {
			h.settle()
		}
	}
	for _, c := range h.conns {
		c.bye(why, 0)
	}
	h.service.forget(h)
	if h.stage != nil {
		h.stage.say(func() { h.stage.closed = true })
	}
}

func (h *hub) deliver(parcels []parcel) {
	for _, p := range parcels {
		switch {
		case p.news != nil:
			for _, c := range h.conns {
				if c.live {
					if frame := p.news.seenBy(c.viewer); frame != nil {
						c.send(frame)
					}
				}
			}
		case p.after != nil:
			p.after()
		case p.bye != "":
			p.to.bye(p.bye, 0)
		default:
			p.to.live = p.to.live || p.welcome
			p.to.send(p.frame)
		}
	}
}

// emit makes an event happen: in the state now, for others once it is on disk.
func (h *hub) emit(by string, e Event, changes ...change) {
	r := Record{N: h.state.N + 1, At: h.service.now(), By: by, Event: e}
	h.state.apply(r)
	n := h.sight.news(h.state, r)
	h.remember(n)
	h.forgetSaid(e)
	h.batch.records = append(h.batch.records, r)
	h.batch.changes = append(h.batch.changes, changes...)
	h.batch.changes = append(h.batch.changes, h.changes(e)...)
	h.batch.parcels = append(h.batch.parcels, parcel{news: &n})
	h.follow(e)
}

// follow does what an event brings about here: connections that end, and
// whether anybody has the lesson in charge.
func (h *hub) follow(e Event) {
	switch e := e.(type) {
	case Joined:
		if h.state.inCharge() && !h.state.Attended {
			h.emit("", Attended{})
			h.snapshots()
		}
	case Left:
		delete(h.lingered, e.Who)
		if c := h.conns[e.Who]; c != nil {
			delete(h.conns, e.Who)
			h.batch.parcels = append(h.batch.parcels, parcel{to: c, bye: e.Why})
		}
		if h.state.Attended && !h.state.inCharge() {
			h.emit("", Unattended{})
			h.snapshots()
		}
	case Ended:
		for who, c := range h.conns {
			h.batch.parcels = append(h.batch.parcels, parcel{to: c, bye: byeEnded})
			delete(h.conns, who)
		}
		clear(h.lingered)
	case Waiting:
		h.lobby[e.Who] = h.service.now()
	case Answered:
		delete(h.lobby, e.Who)
	}
	h.mediaChanged(e)
}

// snapshots shows pupils and guests what they may see from now on.
func (h *hub) snapshots() {
	for _, c := range h.conns {
		if !c.viewer.staff {
			frame := merge([]byte(`{"type":"snapshot"}`), encode(h.sight.snapshot(h.state, c.viewer)))
			h.batch.parcels = append(h.batch.parcels, parcel{to: c, frame: frame})
		}
	}
}

// tick looks at the clocks: who has been away for too long.
func (h *hub) tick() {
	now := h.service.now()
	for who, until := range h.lingered {
		if now < until {
			continue
		}
		delete(h.lingered, who)
		if p := h.state.People[who]; p != nil && p.Here {
			h.emit("", Left{who, whyLost})
		}
	}
	for who, at := range h.lobby {
		if now-at > waitsFor.Milliseconds() {
			h.emit("", Answered{who, false})
		}
	}
	switch {
	case len(h.conns) > 0:
		h.idle = 0
	case h.idle == 0:
		h.idle = now
	}
}

// command decides a frame of somebody who has said hello.
func (h *hub) command(c *conn, f frame) {
	p := h.state.People[c.viewer.id]
	if h.conns[c.viewer.id] != c || p == nil {
		return // replaced or put out meanwhile: it has been told
	}
	switch f.Do {
	case "leave":
		h.emit(p.ID, Left{p.ID, whyLeft})
		return
	case "media":
		h.mediaToken(c, f)
		return
	}
	if f.Do == "guests" && !h.guests {
		c.refuse(f.ID, fault.New(fault.Forbidden, "lesson.guests_off"))
		return
	}
	out, err := h.state.decide(h.table, f, h.actor(p))
	if err != nil {
		c.refuse(f.ID, err)
		return
	}
	for _, e := range out.events {
		h.emit(p.ID, e, h.trail(p, e)...)
	}
	if f.Do == "guests" && h.state.GuestsOpen {
		out.done = map[string]any{"link": h.service.guestSecret(h.lesson.ID, h.state.GuestsVersion)}
	}
	h.signal(out.signals)
	h.answer(c, f.ID, out.done)
}

// trail is what the audit trail keeps of an act on a pupil's access.
func (h *hub) trail(by *Person, e Event) []change {
	who, lifted := "", false
	switch e := e.(type) {
	case Banned:
		who = e.Who
	case Unbanned:
		who, lifted = e.Who, true
	}
	seat, staff := h.sight.who(who).seat, h.sight.who(by.ID).staff
	if seat == "" {
		return nil
	}
	return []change{func(ctx context.Context, tx store.Queryer) error {
		if lifted {
			return h.service.audit(ctx, tx, h.lesson.School, staff, "lesson.unban", "seat", seat, nil)
		}
		return h.service.audit(ctx, tx, h.lesson.School, staff, "lesson.ban", "seat", seat, nil)
	}}
}

func (h *hub) actor(p *Person) *actor {
	a := &actor{Person: p, now: h.service.now()}
	if p.Role == Assistant {
		a.given = map[string]bool{}
		for seat := range h.sight.who(p.ID).given {
			if id := h.byKey["seat:"+seat]; id != "" {
				a.given[id] = true
			}
		}
	}
	return a
}

// answer says that a command is carried out, after its events.
func (h *hub) answer(c *conn, re int64, done map[string]any) {
	frame := []byte(fmt.Sprintf(`{"type":"done","re":%d}`, re))
	if len(done) > 0 {
		frame = merge(frame, encode(done))
	}
	at := len(h.batch.parcels)
	if i := slices.IndexFunc(h.batch.parcels, func(p parcel) bool { return p.to == c && p.bye != "" }); i >= 0 {
		at = i // one's own command may be one's last
	}
	h.batch.parcels = slices.Insert(h.batch.parcels, at, parcel{to: c, frame: frame})
}

// signal sends what is of the moment at once, beside the log.
func (h *hub) signal(signals []signal) {
	for _, s := range signals {
		if s.body["sig"] == "key_of" {
			asks := h.conns[s.body["who"].(string)]
			if asks == nil || asks.keyOf() == nil {
				continue
			}
			s.body = asks.keyOf()
		}
		frame := merge([]byte(`{"type":"signal"}`), encode(s.body))
		for _, c := range h.conns {
			reached := s.to == toAll || s.to == toStaff && c.viewer.staff || s.to == c.viewer.id
			if reached && c.live && (c.viewer.staff || h.state.Attended) {
				c.send(frame)
			}
		}
	}
}

// changes is what an event writes beside the log.
func (h *hub) changes(e Event) []change {
	run := func(query string, args ...any) []change {
		return []change{func(ctx context.Context, tx store.Queryer) error {
			_, err := tx.ExecContext(ctx, query, args...)
			return err
		}}
	}
	guest := func(who, status string) []change {
		if id := h.sight.who(who).guest; id != "" {
			return run(`UPDATE lesson_guest SET status = $1 WHERE id = $2`, status, id)
		}
		return nil
	}
	switch e := e.(type) {
	case Ended:
		return run(`UPDATE lesson SET ended_at = $1, guests_hash = NULL WHERE id = $2`, h.state.Ended, h.lesson.ID)
	case GuestsSet:
		var hash []byte
		if e.Open {
			hash = hashOf(h.service.guestSecret(h.lesson.ID, e.Version))
		}
		// Also those who were let in and are not there now.
		return append(run(`UPDATE lesson SET guests_hash = $1, guests_version = $2 WHERE id = $3`, hash, e.Version, h.lesson.ID),
			run(`UPDATE lesson_guest SET status = 'out' WHERE lesson_id = $1`, h.lesson.ID)...)
	case Answered:
		if e.Yes {
			return guest(e.Who, "in")
		}
		return guest(e.Who, "out")
	case Banned:
		return guest(e.Who, "out")
	}
	return nil
}

// isLost says whether an error means that the hub has ended meanwhile.
func isLost(err error) bool { return errors.Is(err, errLease) }
