package privacy

import (
	"strings"
	"testing"

	"preau/internal/i18n"
)

// The register has, for each activity, the seven points of article 30(1), and
// every table's data and time limit.
func TestRegister(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		if err := h.Shorten(t.Context(), "school-A", "seat", 60, "head-A"); err != nil {
			t.Fatal(err)
		}
		for _, locale := range i18n.Locales() {
			r, err := h.RegisterOf(t.Context(), "school-A", locale)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Activities) != len(activities()) {
				t.Errorf("%d activities", len(r.Activities))
			}
			for _, a := range r.Activities {
				for point, text := range map[string]string{
					"a": a.Controller, "b": a.Purpose, "c people": strings.Join(a.People, ""), "c data": strings.Join(a.Data, ""), "d": a.Recipients,
					"e": a.Transfers, "f": strings.Join(a.Limits, ""), "g": a.Security, "basis": a.Basis, "name": a.Name,
				} {
					if text == "" && !(a.ID == Running && point == "c data") {
						t.Errorf("%s %s: point %s is empty", locale, a.ID, point)
					}
					if strings.Contains(text, "datamap.") || strings.Contains(text, "privacy.") || strings.Contains(text, "{") {
						t.Errorf("%s %s: point %s is not worded: %s", locale, a.ID, point, text)
					}
				}
			}
		}
		r, _ := h.RegisterOf(t.Context(), "school-A", i18n.French)
		all := strings.Join(r.Activities[1].Limits, "\n")
		if !strings.Contains(all, "60 jours après la clôture") {
			t.Errorf("the school's own time limit is not in its register: %s", all)
		}
		other, _ := h.RegisterOf(t.Context(), "school-B", i18n.French)
		if text := strings.Join(other.Activities[1].Limits, "\n"); strings.Contains(text, "60 jours") {
			t.Error("a school's time limit is in another's register")
		}
	})
}

func TestNoticeNeverSaysAnonymous(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range i18n.Locales() {
		for _, key := range texts.Keys(locale) {
			text := strings.ToLower(texts.T(locale, key, nil))
			if (strings.HasPrefix(key, "privacy.") || strings.HasPrefix(key, "datamap.")) && strings.Contains(text, "anonym") {
				t.Errorf("%s calls a seat anonymous: %s", key, text)
			}
		}
	}
}
