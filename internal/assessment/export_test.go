package assessment

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"testing"
	"time"
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
