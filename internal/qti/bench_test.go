package qti

import (
	"encoding/json"
	"testing"
)

// BenchmarkScore scores a choice item with an answer already read: what the
// server does for each answer of a class handed in.
func BenchmarkScore(b *testing.B) {
	it := ReadItem(Source{Name: "x"}, []byte(makeBankItem(newRandom(1), "choice", 1)))
	for _, one := range []struct{ name, answer string }{{"right", "correct"}, {"wrong", "wrong1"}} {
		answers := map[string]Value{"RESPONSE": text(Identifier, one.answer)}
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := it.Score(1, Attempt{Responses: answers}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
		})
	}
}

// BenchmarkScoreLine also reads the line of JSON and makes the one of output, as
// the command does.
func BenchmarkScoreLine(b *testing.B) {
	it := ReadItem(Source{Name: "x"}, []byte(makeBankItem(newRandom(1), "choice", 1)))
	b.ReportAllocs()
	for b.Loop() {
		line, err := ReadLine([]byte(`{"responses":{"RESPONSE":"correct"}}`))
		if err != nil {
			b.Fatal(err)
		}
		res, err := it.ScoreLine(line)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(OutcomesJSON(res.Outcomes)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
}

// BenchmarkRead reads and compiles an item, once at import.
func BenchmarkRead(b *testing.B) {
	source := []byte(makeBankItem(newRandom(1), "choice", 1))
	b.ReportAllocs()
	for b.Loop() {
		if it := ReadItem(Source{Name: "x"}, source); it.Findings.Failed() {
			b.Fatal(it.Findings)
		}
	}
}
