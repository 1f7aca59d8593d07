package journal

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	mostTerms  = 8    // of a search
	mostLooked = 1500 // pieces that a search looks at: it has an end
)

// search gives the ids of pieces that hold all the words of a question: those
// whose title holds the rarest of them first, the latest first. more says that
// it stopped before the end.
func (s *Service) search(ctx context.Context, q store.Queryer, school string, v viewer, question string, skip, most int) (ids []string, more bool, err error) {
	terms := words(question)
	slices.Sort(terms)
	terms = slices.Compact(terms)
	if len(terms) == 0 {
		return nil, false, nil
	}
	terms = terms[:min(len(terms), mostTerms)]
	rarest, err := s.rarest(ctx, q, school, terms)
	if err != nil || rarest < 0 {
		return nil, false, err
	}
	a := args{school, terms[rarest], s.now()}
	where := ""
	for i, term := range terms {
		if i != rarest {
			where += " AND EXISTS (SELECT 1 FROM journal_word o WHERE o.piece_id = w.piece_id AND o.word = " + a.add(term) + ")"
		}
	}
	rows, err := q.QueryContext(ctx, `SELECT w.piece_id FROM (SELECT piece_id, weight, published_at FROM journal_word WHERE school_id = $1 AND word = $2 AND published_at <= $3
		ORDER BY weight DESC, published_at DESC LIMIT `+fmt.Sprint(mostLooked)+`) w JOIN journal_piece p ON p.id = w.piece_id
		WHERE p.status = 'published' AND p.hidden_at IS NULL AND `+v.where(&a)+where+`
		ORDER BY w.weight DESC, w.published_at DESC LIMIT `+fmt.Sprint(most+1)+` OFFSET `+fmt.Sprint(skip), a...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, false, err
		}
		ids = append(ids, id)
	}
	if len(ids) > most {
		ids, more = ids[:most], true
	}
	return ids, more, rows.Err()
}

// rarest is the term that the fewest pieces hold, as far as it is worth
// counting; -1 when none holds one of them.
func (s *Service) rarest(ctx context.Context, q store.Queryer, school string, terms []string) (int, error) {
	if len(terms) == 1 {
		return 0, nil
	}
	best, fewest := -1, mostLooked+1
	for i, term := range terms {
		var n int
		if err := q.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 AS one FROM journal_word WHERE school_id = $1 AND word = $2 LIMIT %d) AS found", fewest), school, term).Scan(&n); err != nil {
			return 0, err
		}
		if n == 0 {
			return -1, nil
		}
		if n < fewest || best < 0 {
			best, fewest = i, n
		}
	}
	return best, nil
}
