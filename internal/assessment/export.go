package assessment

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/i18n"
	"preau/internal/sheet"
)

// exportOf gives a file of a group's results: rows by seat, for a spreadsheet,
// or QTI Results Reporting. It holds seats and no name; browsers join names.
func (s *Service) exportOf(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	body, kind, name, err := s.export(ctx, r.PathValue("school"), r.PathValue("campaign"), r.PathValue("group"), r.PathValue("file"))
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone: nothing to do about it
}

func (s *Service) export(ctx context.Context, school, campaign, group, file string) (body []byte, kind, name string, err error) {
	results, err := s.ResultsOf(ctx, school, campaign, group, false)
	if err != nil {
		return nil, "", "", err
	}
	seats, err := s.roster.SeatsOfGroup(ctx, school, group)
	if err != nil {
		return nil, "", "", err
	}
	numbers := map[string]int{}
	for _, seat := range seats {
		numbers[seat.ID] = seat.Number
	}
	switch file {
	case "resultats.csv":
		body, err = sheet.CSV(s.rows(results, numbers, httpx.Locale(ctx)))
		return body, "text/csv; charset=utf-8", "resultats.csv", err
	case "resultats.ods":
		body, err = sheet.ODS(clip(results.Title, 30), s.rows(results, numbers, httpx.Locale(ctx)))
		return body, sheet.ODSType, "resultats.ods", err
	case "resultats.zip":
		body, err = reports(campaign, results, numbers, time.UnixMilli(s.now()))
		return body, "application/zip", "resultats-qti.zip", err
	}
	return nil, "", "", fault.New(fault.NotFound, "http.no_route")
}

// rows are the results of a group, a seat a line.
func (s *Service) rows(results Results, numbers map[string]int, locale i18n.Locale) [][]string {
	t := func(key string) string { return s.texts.T(locale, "results."+key, nil) }
	head := []string{t("seat"), t("state"), t("points"), t("most")}
	for _, skill := range results.Skills {
		head = append(head, skill.Skill)
	}
	for _, q := range results.Items {
		head = append(head, q.Key)
	}
	aloud := slices.ContainsFunc(results.Seats, func(s SeatResult) bool { return s.Reading != nil })
	if aloud {
		head = append(head, t("words_minute"))
	}
	out := [][]string{head}
	for _, seat := range results.Seats {
		state := t("unfinished")
		if seat.Finished {
			state = t("finished")
		}
		if len(seat.Items) == 0 {
			state = t("not_begun")
		}
		line := []string{strconv.Itoa(numbers[seat.Seat]), state, decimal(seat.Total.Score, locale), decimal(seat.Total.Max, locale)}
		for _, skill := range results.Skills {
			line = append(line, decimal(seat.Skills[skill.Skill].Score, locale))
		}
		answered := map[string]bool{}
		for _, key := range seat.Answered {
			answered[key] = true
		}
		for _, q := range results.Items {
			score, given := seat.Items[q.Key]
			switch {
			case !given:
				line = append(line, "")
			case !answered[q.Key]:
				line = append(line, t("nr"))
			default:
				line = append(line, decimal(score.Score, locale))
			}
		}
		if aloud {
			words := ""
			if seat.Reading != nil {
				words = decimal(math.Round(seat.Reading.PerMinute*10)/10, locale)
			}
			line = append(line, words)
		}
		out = append(out, line)
	}
	return out
}

func decimal(v float64, locale i18n.Locale) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if locale == i18n.French {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// What follows is written as 1EdTech QTI Results Reporting 2.1 has it: one
// assessmentResult a seat, whose sourcedId is the seat's number.
type (
	assessmentResult struct {
		XMLName xml.Name     `xml:"http://www.imsglobal.org/xsd/imsqti_result_v2p1 assessmentResult"`
		Context resultOf     `xml:"context"`
		Test    testResult   `xml:"testResult"`
		Items   []itemResult `xml:"itemResult"`
	}
	resultOf struct {
		Seat string `xml:"sourcedId,attr"`
	}
	testResult struct {
		Campaign string            `xml:"identifier,attr"`
		At       string            `xml:"datestamp,attr"`
		Outcomes []outcomeVariable `xml:"outcomeVariable"`
	}
	itemResult struct {
		Key      string            `xml:"identifier,attr"`
		At       string            `xml:"datestamp,attr"`
		Status   string            `xml:"sessionStatus,attr"`
		Outcomes []outcomeVariable `xml:"outcomeVariable"`
	}
	outcomeVariable struct {
		Name        string  `xml:"identifier,attr"`
		Cardinality string  `xml:"cardinality,attr"`
		Type        string  `xml:"baseType,attr"`
		Most        float64 `xml:"normalMaximum,attr"`
		Value       string  `xml:"value"`
	}
)

func reports(campaign string, results Results, numbers map[string]int, now time.Time) ([]byte, error) {
	at := now.UTC().Format("2006-01-02T15:04:05Z")
	points := func(name string, s Score) []outcomeVariable {
		return []outcomeVariable{{name, "single", "float", s.Max, strconv.FormatFloat(s.Score, 'f', -1, 64)}}
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, seat := range results.Seats {
		if len(seat.Items) == 0 {
			continue
		}
		answered := map[string]bool{}
		for _, key := range seat.Answered {
			answered[key] = true
		}
		number := strconv.Itoa(numbers[seat.Seat])
		doc := assessmentResult{Context: resultOf{number}, Test: testResult{campaign, at, points("SCORE", seat.Total)}}
		for _, q := range results.Items {
			score, given := seat.Items[q.Key]
			if !given {
				continue
			}
			status := "final"
			if !answered[q.Key] {
				status = "initial"
			}
			doc.Items = append(doc.Items, itemResult{q.Key, at, status, points("SCORE", score)})
		}
		f, err := z.Create("place-" + number + ".xml")
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(xml.Header)); err != nil {
			return nil, err
		}
		if err := xml.NewEncoder(f).Encode(doc); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}
