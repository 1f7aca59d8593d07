package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"preau/internal/demo"
	"preau/internal/identity"
	"preau/internal/journal"
	"preau/internal/journal/text"
	"preau/internal/roster"
)

// Press is a school whose journal is full, and what its readers ask for.
type Press struct {
	School, Slug string
	Head         string          // token that signs the head in, once
	Proposed     []journal.Saved // that wait to be let through, one for each publication
	Themes       []string
	Articles     []string // addresses of some
	Questions    []string // searches: words of titles and of texts, as often as they occur there
}

// vocabulary is invented words. Word n occurs about as often as 1/n, as in a
// language.
type vocabulary struct {
	words []string
	draw  *rand.Zipf
	r     *rand.Rand
}

func newVocabulary(seed uint64) *vocabulary {
	r := rand.New(rand.NewPCG(seed, 2))
	v := &vocabulary{r: r, draw: rand.NewZipf(r, 1.07, 4, 19_999)}
	starts, middles, ends := strings.Fields("b ch d f g l m n p r s t v br cr dr fl gr pl tr"), strings.Fields("a e i o u ou an on in oi"), strings.Fields("r l te ne le che que lier nade vette bon ment")
	seen := map[string]bool{}
	for len(v.words) < 20_000 {
		var w strings.Builder
		for range 1 + r.IntN(3) {
			w.WriteString(starts[r.IntN(len(starts))] + middles[r.IntN(len(middles))])
		}
		w.WriteString(ends[r.IntN(len(ends))])
		if word := w.String(); !seen[word] {
			seen[word] = true
			v.words = append(v.words, word)
		}
	}
	return v
}

func (v *vocabulary) word() string { return v.words[v.draw.Uint64()] }

func (v *vocabulary) sentence(words int) string {
	all := make([]string, words)
	for i := range all {
		all[i] = v.word()
	}
	all[0] = strings.ToUpper(all[0][:1]) + all[0][1:]
	return strings.Join(all, " ")
}

func (v *vocabulary) paragraph(sentences int) string {
	all := make([]string, sentences)
	for i := range all {
		all[i] = v.sentence(6+v.r.IntN(14)) + "."
	}
	return strings.Join(all, " ")
}

const (
	pressThemes      = 12
	pressCollectives = 20
	pressAtOnce      = 100 // articles of one transaction
	pressYears       = 8   // that the articles are spread over
)

// MakePress makes a school whose journal has that many pieces, a tenth of them
// briefs and a twentieth events, contributions to them, and proposals that wait, in
// an empty installation. said is told how far it is.
func MakePress(ctx context.Context, ids *identity.Service, seats *roster.Service, j *journal.Service, articles, contributions, proposals int, said func(done, of int)) (Press, error) {
	made, err := demo.Make(ctx, ids, seats, time.Now())
	if err != nil {
		return Press{}, err
	}
	press := Press{School: made.SchoolID, Slug: "la-charge"}
	if err := j.SetSettings(ctx, made.SchoolID, made.HeadID, journal.Masthead{
		Slug: press.Slug, Title: "La Charge", Subtitle: "Journal d’essai", Opened: true, Widest: journal.ToPublic, Contributions: "all", Director: "Dominique Leroy", DirectorAs: "head",
		Publisher: "Collège de la charge", Host: "Ville", Contact: "journal@charge.example",
	}); err != nil {
		return press, err
	}
	head := identity.With(ctx, identity.Principal{Staff: &identity.StaffPrincipal{ID: made.HeadID, Grants: []identity.Grant{
		{ID: "load", Role: identity.Head, Scope: identity.OverSchool, ScopeID: made.SchoolID, SchoolID: made.SchoolID},
	}}})
	if _, err := j.SetPenName(head, made.SchoolID, journal.PenName{PenName: "Plume de charge"}); err != nil {
		return press, err
	}
	words := newVocabulary(1)
	var themes, collectives []string
	for n := range pressThemes {
		id, err := j.MakeTheme(ctx, made.SchoolID, journal.Axis{Name: fmt.Sprintf("Thème %d", n+1), About: words.sentence(9), Rank: n})
		if err != nil {
			return press, err
		}
		themes, press.Themes = append(themes, id), append(press.Themes, fmt.Sprintf("theme-%d", n+1))
	}
	for n := range pressCollectives {
		id, err := j.MakeCollective(ctx, made.SchoolID, journal.Axis{Name: fmt.Sprintf("Collectif %d", n+1), About: words.sentence(9), Kind: "club", Rank: n})
		if err != nil {
			return press, err
		}
		collectives = append(collectives, id)
	}
	now := time.Now()
	step := pressYears * 365 * 24 * time.Hour / time.Duration(articles)
	for first := 0; first < articles; first += pressAtOnce {
		var some []journal.Stocked
		for n := first; n < min(first+pressAtOnce, articles); n++ {
			at := now.Add(-time.Duration(articles-n) * step)
			one := words.piece(n, at, themes, collectives)
			for range contributions*(n+1)/articles - contributions*n/articles {
				one.Additions = append(one.Additions, journal.StockedAddition{Name: words.word(), Text: words.paragraph(2), At: at.Add(time.Hour).UnixMilli()})
			}
			some = append(some, one)
			if n%3 == 0 {
				press.Questions = append(press.Questions, words.question(one))
			}
		}
		slugs, err := j.Stock(ctx, made.SchoolID, some)
		if err != nil {
			return press, err
		}
		press.Articles = append(press.Articles, slugs[0])
		said(min(first+pressAtOnce, articles), articles)
	}
	if press.Proposed, err = propose(ctx, seats, j, made, words, proposals); err != nil {
		return press, err
	}
	link, err := ids.SignInLink(ctx, made.HeadID)
	_, press.Head, _ = strings.Cut(link, "#")
	return press, err
}

// propose has pupils propose pieces, each the same number.
func propose(ctx context.Context, seats *roster.Service, j *journal.Service, made demo.School, words *vocabulary, count int) ([]journal.Saved, error) {
	pupils, err := seats.SeatsOfGroup(ctx, made.SchoolID, made.GroupID)
	if err != nil {
		return nil, err
	}
	for i, p := range pupils {
		if _, err := j.SetPenName(asPupil(ctx, made.SchoolID, p), made.SchoolID, journal.PenName{PenName: fmt.Sprintf("Signature %d", i+1)}); err != nil {
			return nil, err
		}
	}
	all := make([]journal.Saved, count)
	for i := range all {
		pupil := asPupil(ctx, made.SchoolID, pupils[i%len(pupils)])
		saved, err := j.Begin(pupil, made.SchoolID, journal.NewPiece{Kind: "article", Content: journal.Content{
			Title: words.sentence(6), Standfirst: words.paragraph(1), Body: text.FromPlain(words.paragraph(20)), About: journal.About{Audience: journal.ToPublic},
		}})
		if err == nil {
			err = j.Do(pupil, made.SchoolID, saved.ID, journal.Doing{Act: journal.Propose, Version: saved.Version})
		}
		if err != nil {
			return nil, err
		}
		saved.Version++
		all[i] = saved
	}
	return all, nil
}

func asPupil(ctx context.Context, school string, p roster.Seat) context.Context {
	return identity.With(ctx, identity.Principal{Seat: &identity.SeatPrincipal{ID: p.ID, SchoolID: school, SessionID: "load"}})
}

// piece writes the n-th piece.
func (v *vocabulary) piece(n int, at time.Time, themes, collectives []string) journal.Stocked {
	one := journal.Stocked{Kind: "article", Authors: []string{"Plume de charge"}, At: at.UnixMilli()}
	one.Content = journal.Content{Title: v.sentence(4 + v.r.IntN(5)), Standfirst: v.paragraph(2), About: journal.About{
		Audience: journal.ToPublic, Themes: []string{themes[n%len(themes)]}, Collective: collectives[v.r.IntN(len(collectives))], Tags: []string{v.word(), v.word()},
	}}
	paragraphs := 3 + v.r.IntN(5)
	switch {
	case n%10 == 3:
		one.Kind, paragraphs = "brief", 1
		one.Content.About.Cited = &journal.Cited{Author: v.sentence(2), Title: v.sentence(6), Outlet: v.sentence(2), Date: at.Format(time.DateOnly), URL: "https://presse.example/" + v.word(), Quote: v.sentence(12)}
	case n%20 == 7:
		one.Kind, paragraphs = "event", 1
		one.Content.About.Happening = &journal.Happening{StartsAt: at.AddDate(0, 0, 20).UnixMilli(), Place: v.sentence(3)}
	}
	body := make([]string, paragraphs)
	for i := range body {
		body[i] = v.paragraph(3 + v.r.IntN(4))
	}
	one.Content.Body = text.FromPlain(strings.Join(body, "\n\n"))
	return one
}

// question is one or two words of a piece, as its reader remembers them.
func (v *vocabulary) question(of journal.Stocked) string {
	title := strings.Fields(of.Content.Title)
	words := []string{title[v.r.IntN(len(title))]}
	switch v.r.IntN(3) {
	case 0:
		words = append(words, title[v.r.IntN(len(title))])
	case 1:
		inside := strings.Fields(of.Content.Standfirst)
		words[0] = strings.Trim(inside[v.r.IntN(len(inside))], ".")
	}
	return strings.Join(words, " ")
}

// Reading is what was measured of one kind of page.
type Reading struct {
	Name      string
	Took      []time.Duration // from the moment at which each request was due
	Failed    int
	Bytes     int64
	Published int // pieces meanwhile, over HTTP
	span      span
}

// ReadingShape is how much is read.
type ReadingShape struct {
	Rate        int // requests a second, due evenly
	Length      time.Duration
	Connections int
	Publish     time.Duration // between two publications; none when zero
}

// Publications is how many proposals a reading of all kinds of pages needs.
func (shape ReadingShape) Publications() int {
	if shape.Publish == 0 {
		return 0
	}
	return kindsOfPages * (int((shape.Length+30*time.Second)/shape.Publish) + 2)
}

const kindsOfPages = 6

// path gives what the n-th request asks for.
type path func(n int) string

// Read asks for each kind of page in turn while a piece a second comes out, then
// for a file of the same server.
func (press *Press) Read(ctx context.Context, server *Process, shape ReadingShape) ([]Reading, error) {
	site := Site{Origin: server.Origin}
	head, err := site.enter(ctx, "/api/v1/session/link", map[string]string{"token": press.Head})
	if err != nil {
		return nil, err
	}
	style, err := press.style(ctx, server.Origin)
	if err != nil {
		return nil, err
	}
	top := "/journal/" + press.Slug
	front := func(int) string { return top }
	theme := func(n int) string { return top + "/theme/" + press.Themes[n%len(press.Themes)] }
	search := func(n int) string {
		return top + "/recherche?q=" + url.QueryEscape(press.Questions[n*7919%len(press.Questions)])
	}
	article := func(n int) string { return top + "/article/" + press.Articles[n*31%len(press.Articles)] }
	mixed := func(n int) string { return []path{front, article, theme, article, search}[n%5](n / 5) }
	var all []Reading
	for _, kind := range []struct {
		name string
		path path
	}{{"front page", front}, {"a theme", theme}, {"search", search}, {"an article", article}, {"all of them", mixed}, {"a file", func(int) string { return style }}} {
		r, err := press.read(ctx, server, head, kind.name, kind.path, shape)
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

// style is the address of the journal's style sheet.
func (press Press) style(ctx context.Context, origin string) (string, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/journal/"+press.Slug, nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", err
	}
	_, after, found := strings.Cut(string(page), `"/journal-style/`)
	name, _, ended := strings.Cut(after, `"`)
	if !found || !ended {
		return "", fmt.Errorf("the front page answers %d and names no style sheet", answer.StatusCode)
	}
	return "/journal-style/" + name, nil
}

// read asks for pages at an even rate. What one took counts from when it was
// due: a slow answer before it counts too.
func (press *Press) read(ctx context.Context, server *Process, head cookies, name string, of path, shape ReadingShape) (Reading, error) {
	out := Reading{Name: name}
	end, err := watch(server.PID)
	if err != nil {
		return out, err
	}
	ctx, stop := context.WithTimeout(ctx, shape.Length+30*time.Second)
	defer stop()
	began := time.Now()
	total := int(shape.Length.Seconds() * float64(shape.Rate))
	gap := time.Second / time.Duration(shape.Rate)
	due := make(chan int, total)
	go func() {
		defer close(due)
		for n := range total {
			select {
			case <-time.After(time.Until(began.Add(time.Duration(n) * gap))):
				due <- n
			case <-ctx.Done():
				return
			}
		}
	}()
	publishing, stopPublishing := context.WithCancel(ctx)
	var failure error
	var publisher sync.WaitGroup
	if shape.Publish > 0 {
		publisher.Go(func() { out.Published, failure = press.publish(publishing, server.Origin, head, shape.Publish) })
	}
	took := make([][]time.Duration, shape.Connections)
	failed := make([]int, shape.Connections)
	read := make([]int64, shape.Connections)
	var readers sync.WaitGroup
	for c := range shape.Connections {
		readers.Go(func() {
			line := &wire{host: strings.TrimPrefix(server.Origin, "http://")}
			defer line.close()
			for n := range due {
				a, err := line.ask("GET", of(n), "User-Agent: Mozilla/5.0\r\nAccept-Language: fr\r\n", nil)
				if err != nil || a.status != http.StatusOK {
					failed[c]++
					continue
				}
				took[c] = append(took[c], time.Since(began.Add(time.Duration(n)*gap)))
				read[c] += int64(len(a.body))
			}
		})
	}
	readers.Wait()
	stopPublishing()
	publisher.Wait()
	out.Took = slices.Concat(took...)
	for c := range shape.Connections {
		out.Failed += failed[c]
		out.Bytes += read[c]
	}
	out.Failed += total - len(out.Took) - out.Failed // never asked
	out.span, err = end()
	return out, errors.Join(err, failure)
}

// publish lets a proposed piece through at each interval, over HTTP.
func (press *Press) publish(ctx context.Context, origin string, head cookies, every time.Duration) (n int, err error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return n, nil
		}
		if len(press.Proposed) == 0 {
			return n, errors.New("more publications than proposals were made")
		}
		next := press.Proposed[0]
		press.Proposed = press.Proposed[1:]
		body, err := json.Marshal(journal.Doing{Act: journal.Publish, Version: next.Version})
		if err != nil {
			return n, err
		}
		// A publication that began is waited for: it counts or it fails.
		ask, err := http.NewRequestWithContext(context.WithoutCancel(ctx), http.MethodPost, origin+"/api/v1/schools/"+press.School+"/journal/pieces/"+next.ID+"/acts", bytes.NewReader(body))
		if err != nil {
			return n, err
		}
		ask.Header.Set("Content-Type", "application/json")
		ask.Header.Set("Cookie", string(head))
		answer, err := (&http.Client{Timeout: patience}).Do(ask)
		if err != nil {
			return n, err
		}
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20)) // for the message below
		answer.Body.Close()
		if answer.StatusCode >= 300 {
			return n, fmt.Errorf("a publication is answered %d: %s", answer.StatusCode, said)
		}
		n++
	}
}

// Print writes the figures of a kind of page.
func (r Reading) Print(out io.Writer, shape ReadingShape) {
	fmt.Fprintf(out, "  %-12s p50 %s, p95 %s, p99 %s, the slowest %s; %d answered, %d not; %.0f kB each; server %.2f cores, generator %.2f; %d MB resident; %d published meanwhile\n",
		r.Name, ms(percentile(r.Took, 50)), ms(percentile(r.Took, 95)), ms(percentile(r.Took, 99)), ms(percentile(r.Took, 100)), len(r.Took), r.Failed,
		float64(r.Bytes)/float64(max(len(r.Took), 1))/1000, r.span.cores(r.span.server), r.span.cores(r.span.generator), r.span.memory>>20, r.Published)
}
