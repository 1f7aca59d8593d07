package identity

import (
	"strings"
	"testing"
)

func TestNothingDeceives(t *testing.T) {
	for name, want := range map[string]bool{
		"Anne-Lise O’Brien": true, "Łuczak Jan": true, "Νίκος Παπαδόπουλος": true, "Анна Иванова": true, "Anna (Анна)": true, "王 伟": true, "نور": true,
		"Pаul":       false, // a Cyrillic а
		"Αnna":       false, // a Greek capital alpha
		"Paul\u200b": false, "\u202elu\u202eaP": false, "Paul\u2066": false, "Pa\u00adul": false, "Paul\x00": false,
	} {
		if _, err := readName(name, "name"); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
		if _, ok := normalEmail(strings.ReplaceAll(strings.Trim(name, "()"), " ", "") + "@example.fr"); ok != want && !strings.Contains(name, "(") {
			t.Errorf("%q as an address: %v", name, ok)
		}
	}
}
