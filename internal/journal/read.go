package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"preau/internal/store"
)

// card is a piece in a list.
type card struct {
	ID, Kind, Slug                 string
	PublishedAt                    int64
	Visits, Additions              int64
	Title, Kicker, Standfirst      string
	PictureID, PictureAlt, Credit  string
	CollectiveName, CollectiveSlug string
	About                          About
	Authors                        []string
}

// onPage is the length of a list of pieces.
const onPage = 20

const cardColumns = `p.id, p.kind, p.slug, p.published_at, p.visits, p.additions, r.title, r.kicker, r.standfirst, coalesce(f.id, ''), r.picture_alt, r.credit, coalesce(c.name, ''), coalesce(c.slug, ''), r.about`

const cardJoins = ` JOIN journal_revision r ON r.id = p.live_id LEFT JOIN journal_collective c ON c.id = p.collective_id LEFT JOIN journal_file f ON f.id = r.picture_id AND f.removed_at IS NULL AND f.held = 0 `

// shown is the condition that readers may see the piece p, whoever they are.
const shown = "p.status = 'published' AND p.hidden_at IS NULL"

// listing is a question for cards. From and where join and narrow; at is the
// column of the date, by which and by the id it is ordered; order stands in its
// place where it is not empty.
type listing struct {
	from, where, at, order string
	args                   args
	limit, skip            int
	unsigned               bool // nobody looks at who wrote them
}

// past keeps what comes after the piece of that id, at the moment that the
// listing begins with, so that pieces of one same moment are each on one page.
func (l listing) past(id string) listing {
	if id != "" {
		l.where += " AND (" + l.at + " < " + l.args.add(l.args[len(l.args)-1]) + " OR p.id < " + l.args.add(id) + ")"
	}
	return l
}

// cards reads a list, with the pen names of each. more says that it goes on.
func (s *Service) cards(ctx context.Context, q store.Queryer, v viewer, l listing) (list []card, more bool, err error) {
	a, order := l.args, l.order
	if order == "" {
		order = l.at + " DESC, p.id DESC"
	}
	query := "SELECT " + cardColumns + " FROM " + l.from + cardJoins + "WHERE " + shown + " AND " + l.where + " AND " + v.where(&a) +
		" ORDER BY " + order + " LIMIT " + strconv.Itoa(l.limit+1) + " OFFSET " + strconv.Itoa(l.skip)
	rows, err := q.QueryContext(ctx, query, a...)
	list, err = collect(rows, err, func(r *sql.Rows, c *card) error {
		var about string
		err := r.Scan(&c.ID, &c.Kind, &c.Slug, &c.PublishedAt, &c.Visits, &c.Additions, &c.Title, &c.Kicker, &c.Standfirst, &c.PictureID, &c.PictureAlt, &c.Credit, &c.CollectiveName, &c.CollectiveSlug, &about)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(about), &c.About)
	})
	if err != nil {
		return nil, false, err
	}
	if len(list) > l.limit {
		list, more = list[:l.limit], true
	}
	if l.unsigned {
		return list, more, nil
	}
	return list, more, s.penNames(ctx, q, list)
}

// penNames adds the pen names of cards. Somebody who was erased has none.
func (s *Service) penNames(ctx context.Context, q store.Queryer, list []card) error {
	if len(list) == 0 {
		return nil
	}
	var a args
	marks := make([]string, len(list))
	at := map[string]int{}
	for i, c := range list {
		marks[i] = a.add(c.ID)
		at[c.ID] = i
	}
	rows, err := q.QueryContext(ctx, "SELECT x.piece_id, a.pen_name FROM journal_piece_author x JOIN journal_author a ON a.id = x.author_id WHERE x.agreed = 1 AND x.piece_id IN ("+strings.Join(marks, ", ")+") ORDER BY x.piece_id, x.rank", a...)
	names, err := collect(rows, err, func(r *sql.Rows, n *[2]string) error { return r.Scan(&n[0], &n[1]) })
	for _, n := range names {
		if n[1] != "" {
			list[at[n[0]]].Authors = append(list[at[n[0]]].Authors, n[1])
		}
	}
	return err
}

// latest is the newest pieces of a kind, before a moment.
func (s *Service) latest(school, kind string, before int64, limit int) listing {
	return listing{from: "journal_piece p", where: "p.school_id = $1 AND p.kind = $2 AND p.published_at <= $3", at: "p.published_at", args: args{school, kind, before}, limit: limit}
}

// ofCollective is the newest pieces of a collective.
func (s *Service) ofCollective(school, collective string, before int64, limit int) listing {
	return listing{from: "journal_piece p", where: "p.collective_id = $1 AND p.school_id = $2 AND p.published_at <= $3", at: "p.published_at", args: args{collective, school, before}, limit: limit}
}

// ofTheme is the newest pieces of a theme.
func (s *Service) ofTheme(school, theme string, before int64, limit int) listing {
	return listing{from: "journal_piece_theme t JOIN journal_piece p ON p.id = t.piece_id", where: "t.theme_id = $1 AND p.school_id = $2 AND t.published_at <= $3", at: "t.published_at", args: args{theme, school, before}, limit: limit}
}

// ofTag is the newest pieces under a free tag.
func (s *Service) ofTag(school, tag string, before int64, limit int) listing {
	return listing{from: "journal_tag t JOIN journal_piece p ON p.id = t.piece_id", where: "t.school_id = $1 AND t.slug = $2 AND t.published_at <= $3", at: "t.published_at", args: args{school, tag, before}, limit: limit}
}

// between is what was published in a span of time, its end included, whatever its
// kind.
func (s *Service) between(school string, from, to int64, limit int) listing {
	return listing{from: "journal_piece p", where: "p.school_id = $1 AND p.kind IN ('article', 'brief', 'event') AND p.published_at >= $2 AND p.published_at <= $3", at: "p.published_at", args: args{school, from, to}, limit: limit}
}

// happening is the events of a span of time, the first first.
func (s *Service) happening(school string, from, to, now int64, limit int) listing {
	return listing{from: "journal_piece p", where: "p.school_id = $1 AND p.kind = 'event' AND p.happens_at >= $2 AND p.happens_at < $3 AND p.published_at <= $4", order: "p.happens_at, p.id", args: args{school, from, to, now}, limit: limit}
}

// found are the cards of pieces by their ids, in that order.
func (s *Service) found(ctx context.Context, q store.Queryer, school string, v viewer, ids []string) ([]card, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	l := listing{from: "journal_piece p", order: "1", args: args{school}, limit: len(ids)}
	marks := make([]string, len(ids))
	for i, id := range ids {
		marks[i] = l.args.add(id)
	}
	// The school is compared as an expression: neither store then reads a whole
	// index of the school's pieces to find a few of them.
	l.where = "p.school_id || '' = $1 AND p.id IN (" + strings.Join(marks, ", ") + ")"
	list, _, err := s.cards(ctx, q, v, l)
	at := map[string]card{}
	for _, c := range list {
		at[c.ID] = c
	}
	out := list[:0]
	for _, id := range ids {
		if c, ok := at[id]; ok {
			out = append(out, c)
		}
	}
	return out, err
}

// addition is a contribution that shows.
type addition struct {
	ID, Name, Text, Link, Answer string
	At                           int64
}

// mostShown bounds the contributions of one page.
const mostShown = 100

// additionsOf reads a piece's contributions that show, oldest first.
func additionsOf(ctx context.Context, q store.Queryer, piece, after string) (list []addition, more bool, err error) {
	rows, err := q.QueryContext(ctx, "SELECT id, name, text, link, answer, at FROM journal_contribution WHERE piece_id = $1 AND status = 'shown' AND hidden_at IS NULL AND id > $2 ORDER BY id LIMIT "+strconv.Itoa(mostShown+1), piece, after)
	list, err = collect(rows, err, func(r *sql.Rows, a *addition) error {
		return r.Scan(&a.ID, &a.Name, &a.Text, &a.Link, &a.Answer, &a.At)
	})
	if len(list) > mostShown {
		list, more = list[:mostShown], true
	}
	return list, more, err
}

// month is a month in which something was published, and how much.
type month struct {
	Year, Month int
	Count       int
}

// mostMonths bounds the archive: forty years.
const mostMonths = 480

// oldest is the date of the first piece that the reader may see, 0 when there is none.
func (s *Service) oldest(ctx context.Context, q store.Queryer, p *page) (int64, error) {
	a := args{p.Journal.School.ID}
	var at sql.NullInt64
	err := q.QueryRowContext(ctx, "SELECT min(p.published_at) FROM journal_piece p WHERE p.school_id = $1 AND p.kind IN ('article', 'brief', 'event') AND "+shown+" AND "+p.viewer.where(&a), a...).Scan(&at)
	return at.Int64, err
}
