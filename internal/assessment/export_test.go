package assessment

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"testing"
	"time"

	"preau/internal/i18n"
)

func TestResultsReporting(t *testing.T) {
	results := Results{
		Items: []ItemResult{{ItemLine: ItemLine{Key: "q-1"}}, {ItemLine: ItemLine{Key: "q<2"}}},
		Seats: []SeatResult{
			{Seat: "a", Total: Score{1.5, 2}, Items: map[string]Score{"q-1": {1.5, 1.5}, "q<2": {0, 0.5}}, Answered: []string{"q-1"}},
			{Seat: "b"}, // has not begun: no report
		},
	}
	raw, err := reports("campaign", results, map[string]int{"a": 7, "b": 8}, time.UnixMilli(0))
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "place-7.xml" {
		t.Fatalf("%v, %d files", err, len(z.File))
	}
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	var back assessmentResult
	if err := xml.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if back.Context.Seat != "7" || back.Test.Outcomes[0].Value != "1.5" || len(back.Items) != 2 || back.Items[1].Key != "q<2" || back.Items[1].Status != "initial" {
		t.Errorf("%s", body)
	}
}

// Readings aloud have a column, and only where somebody has read.
func TestRowsOfReadings(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{texts: texts}
	results := Results{Seats: []SeatResult{{Seat: "a"}, {Seat: "b", Reading: &Reading{PerMinute: 78.25}}}}
	rows := s.rows(results, map[string]int{"a": 1, "b": 2}, i18n.French)
	if last := len(rows[0]) - 1; rows[0][last] != "Mots corrects par minute" || rows[1][last] != "" || rows[2][last] != "78,3" {
		t.Errorf("%q", rows)
	}
	results.Seats = results.Seats[:1]
	if rows = s.rows(results, map[string]int{"a": 1}, i18n.French); len(rows[0]) != 4 || len(rows[1]) != 4 {
		t.Errorf("%q", rows)
	}
}
