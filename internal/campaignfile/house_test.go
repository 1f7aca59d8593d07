package campaignfile

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"testing"
	"time"
)

const item = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="capitale" title="Une ville" xml:lang="fr" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>LABONNE</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-item-body><p><img src="media/carte-secrete.png" alt="Une carte"/></p><qti-choice-interaction response-identifier="RESPONSE" max-choices="1" shuffle="true"><qti-simple-choice identifier="LABONNE">Dijon</qti-simple-choice><qti-simple-choice identifier="AUTRE">Lyon</qti-simple-choice></qti-choice-interaction></qti-item-body>
<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
<qti-modal-feedback outcome-identifier="SCORE" identifier="1" show-hide="show"><qti-content-body><p><img src="media/bravo.png" alt="Juste"/></p></qti-content-body></qti-modal-feedback>
</qti-assessment-item>`

const whole = `<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="villes" title="Villes"><qti-test-part identifier="villes-1" navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section identifier="s" title="Villes" visible="true"><qti-assessment-item-ref identifier="capitale" href="capitale.xml" category="villes"/></qti-assessment-section></qti-test-part></qti-assessment-test>`

const manifest = `<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><organizations/><resources><resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"><file href="test.xml"/></resource><resource identifier="i" type="imsqti_item_xmlv3p0" href="capitale.xml"><file href="capitale.xml"/><file href="media/carte-secrete.png"/><file href="media/bravo.png"/></resource></resources></manifest>`

// content is what the test's package holds.
func content() map[string]string {
	return map[string]string{"imsmanifest.xml": manifest, "test.xml": whole, "capitale.xml": item, "media/carte-secrete.png": "PNG de la carte", "media/bravo.png": "PNG du bravo"}
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func draft() Draft {
	opens := time.Date(2027, 9, 6, 6, 0, 0, 0, time.UTC)
	return Draft{
		Edition: 1, Publisher: "Service des évaluations", Title: "Les villes", OpensAt: opens, ClosesAt: opens.Add(20 * 24 * time.Hour),
		Sequences:  []Sequence{{Title: "Villes", Stages: []string{"villes-1"}, Minutes: 20}},
		Controller: "La ministre", Basis: "Mission d’intérêt public", Notice: "Votre enfant répond à des questions.", KeptDays: 365, Objection: "Écrivez à l’école.", Upward: Nothing,
	}
}

// packed is a file with all that its publisher holds.
type packed struct {
	data   []byte
	secret Secret
	key    ed25519.PrivateKey
}

func pack(t testing.TB, d Draft) packed {
	t.Helper()
	key, err := NewPublisher()
	if err != nil {
		t.Fatal(err)
	}
	return packWith(t, d, key)
}

func packWith(t testing.TB, d Draft, key ed25519.PrivateKey) packed {
	t.Helper()
	data, secret, err := Pack(d, zipped(t, content()), key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return packed{data, secret, key}
}

func read(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
