package journal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"preau/internal/store"
)

// wordsAtOnce is how many words one statement enters: few enough parameters for
// either store.
const wordsAtOnce = 100

// enterWords writes the words by which a piece is found.
func enterWords(ctx context.Context, tx store.Queryer, school, piece string, at int64, all map[string]int) error {
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(all)), wordsAtOnce) {
		a := args{school, at, piece}
		marks := make([]string, len(chunk))
		for i, w := range chunk {
			marks[i] = fmt.Sprintf("($1, %s, %d, $2, $3)", a.add(w), all[w])
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO journal_word (school_id, word, weight, published_at, piece_id) VALUES "+strings.Join(marks, ", "), a...); err != nil {
			return err
		}
	}
	return nil
}

const (
	mostTerms    = 8    // of a search
	mostLooked   = 1500 // pieces that a search looks at: it has an end
	lookedAtOnce = 60   // of them, by one statement
	mostCounted  = 300  // beyond, a term is common and no longer counted
)

// candidate is a piece that holds the words of a question; at is its place among
// those that hold the rarest of them.
type candidate struct {
	id string
	at int
}

// search gives the pieces that hold all the words of a question and that v may
// see: those whose title holds the rarest of them first, the latest first. It
// begins after the first from pieces that hold it; next is from for what follows,
// 0 at the end.
func (s *Service) search(ctx context.Context, q store.Queryer, school string, v viewer, question string, from, most int) (list []card, next int, err error) {
	terms := words(question)
	slices.Sort(terms)
	terms = slices.Compact(terms)
	if len(terms) == 0 {
		return nil, 0, nil
	}
	terms = terms[:min(len(terms), mostTerms)]
	rarest, err := s.rarest(ctx, q, school, terms)
	if err != nil || rarest < 0 {
		return nil, 0, err
	}
	now, places := s.now(), map[string]int{}
	for looked := from; looked < mostLooked; looked += lookedAtOnce {
		holders, last, err := s.holding(ctx, q, school, terms, rarest, now, looked)
		if err != nil {
			return nil, 0, err
		}
		for some := range slices.Chunk(holders, most+1) {
			ids := make([]string, len(some))
			for i, c := range some {
				ids[i], places[c.id] = c.id, c.at
			}
			seen, err := s.found(ctx, q, school, v, ids)
			if err != nil {
				return nil, 0, err
			}
			if list = append(list, seen...); len(list) > most {
				return list[:most], places[list[most].ID], nil
			}
		}
		if last {
			break
		}
	}
	return list, 0, nil
}

// holding looks at some of the pieces that hold the rarest of the terms, from
// one on, and gives those that hold the others too. last says that no more follow.
// Few at once: most questions are answered by the first of them.
func (s *Service) holding(ctx context.Context, q store.Queryer, school string, terms []string, rarest int, now int64, from int) (holders []candidate, last bool, err error) {
	a := args{school, terms[rarest], now, from}
	others := "1 = 1"
	for i, term := range terms {
		if i != rarest {
			// By the key of the table, where neighbours in time are neighbours on
			// the disk: compared as an expression, the piece leads to no other index.
			// Not EXISTS, for which PostgreSQL reads all that hold the word at once.
			others += " AND (SELECT 1 FROM journal_word o WHERE o.school_id = $1 AND o.word = " + a.add(term) +
				" AND o.weight IN (1, 2) AND o.published_at = w.published_at AND o.piece_id || '' = w.piece_id LIMIT 1) IS NOT NULL"
		}
	}
	rows, err := q.QueryContext(ctx, `SELECT w.piece_id, CASE WHEN `+others+` THEN 1 ELSE 0 END
		FROM (SELECT piece_id, weight, published_at FROM journal_word WHERE school_id = $1 AND word = $2 AND published_at <= $3
			ORDER BY weight DESC, published_at DESC, piece_id DESC LIMIT `+strconv.Itoa(lookedAtOnce)+` OFFSET $4) w
		ORDER BY w.weight DESC, w.published_at DESC, w.piece_id DESC`, a...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	read := 0
	for ; rows.Next(); read++ {
		c := candidate{at: from + read}
		var holds bool
		if err := rows.Scan(&c.id, &holds); err != nil {
			return nil, false, err
		}
		if holds {
			holders = append(holders, c)
		}
	}
	return holders, read < lookedAtOnce, rows.Err()
}

// rarest is the term that the fewest pieces hold, as far as it is worth
// counting; -1 when none holds one of them.
func (s *Service) rarest(ctx context.Context, q store.Queryer, school string, terms []string) (int, error) {
	if len(terms) == 1 {
		return 0, nil
	}
	a := args{school}
	counts := make([]string, len(terms))
	for i, term := range terms {
		counts[i] = fmt.Sprintf("SELECT %d AS term, (SELECT count(*) FROM (SELECT 1 AS one FROM journal_word WHERE school_id = $1 AND word = %s LIMIT %d) AS found) AS many", i, a.add(term), mostCounted)
	}
	var term, many int
	err := q.QueryRowContext(ctx, strings.Join(counts, " UNION ALL ")+" ORDER BY many, term LIMIT 1", a...).Scan(&term, &many)
	if err != nil || many == 0 {
		return -1, err
	}
	return term, nil
}
