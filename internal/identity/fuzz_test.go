package identity

import (
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"preau/internal/fault"
	"preau/internal/i18n"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

type fuzzTexts struct {
	log       *slog.Logger
	catalogue *i18n.Catalogue
}

func openFuzz(f *testing.F) (fuzzTexts, *store.DB) {
	texts, err := i18n.Load()
	if err != nil {
		f.Fatal(err)
	}
	return fuzzTexts{slog.New(slog.DiscardHandler), texts}, storetest.Open(f, store.SQLite)
}

// refusal says whether an error is one that a person can read.
func refusal(err error) bool { return fault.Of(err) != nil }

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"a@example.fr", " Zoé.L'Été@Example.FR ", "a@b@c", "@", "a@", "a b@c.fr", "İ@example.fr", "e\u0301@x.fr", "<a@b.fr>", "\x00@b", "ß@ß", "a@.b", "a@b..c", strings.Repeat("a", 250) + "@b.fr"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		email, ok := normalEmail(s)
		if !ok {
			if email != "" {
				t.Fatalf("%q refused and given", email)
			}
			return
		}
		if again, ok := normalEmail(email); !ok || again != email {
			t.Fatalf("%q becomes %q then %q", s, email, again)
		}
		if !utf8.ValidString(email) || len(email) > longestEmail || strings.Count(email, "@") != 1 || strings.ContainsFunc(email, unicode.IsSpace) || strings.ContainsFunc(email, unicode.IsControl) {
			t.Fatalf("%q", email)
		}
	})
}

func FuzzRecoveryCode(f *testing.F) {
	code := newRecoveryCode()
	for _, s := range []string{code, showRecoveryCode(code), strings.ToLower(code), "", "OQIL-ZSBU-0000-1111", "0123 4567 89AC DEFG H", "é", "\xff", "０１２３"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		read, ok := readRecoveryCode(s)
		if !ok {
			if len(read) > recoveryLength {
				t.Fatalf("%q", read)
			}
			return
		}
		if len(read) != recoveryLength || strings.Trim(read, codeAlphabet) != "" {
			t.Fatalf("%q", read)
		}
		for _, form := range []string{read, showRecoveryCode(read), strings.ToLower(read), strings.ReplaceAll(showRecoveryCode(read), "-", "\u00a0")} {
			if again, ok := readRecoveryCode(form); !ok || again != read {
				t.Fatalf("%q read as %q", form, again)
			}
		}
	})
}

func FuzzPHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=255$$")
	f.Add("$argon2id$v=19$m=+64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, key, err := readPHC(s)
		if err != nil {
			return
		}
		if c.memory > 256*1024 || c.time == 0 || c.time > 16 || c.threads == 0 || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
			t.Fatalf("%q accepted: %+v", s, c)
		}
	})
}

func FuzzSeal(f *testing.F) {
	s := sealer{key: randomBytes(32), now: storetest.NewClock(start).Now}
	sealed, err := s.wrap("p", "value", addCeremonyLife)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(".")
	f.Add("e30.e30")
	f.Fuzz(func(t *testing.T, in string) {
		var v any
		if s.unwrap("p", in, &v) && in != sealed {
			// Only another writing of the very same bytes could pass, and base64's
			// unused bits are the one way to write them otherwise.
			body, _, _ := strings.Cut(sealed, ".")
			if got, _, _ := strings.Cut(in, "."); got != body {
				t.Fatalf("forged: %q", in)
			}
		}
		if s.unwrap("q", in, &v) {
			t.Fatalf("read for another purpose: %q", in)
		}
	})
}

func FuzzKnownCookie(f *testing.F) {
	s := &Service{seal: sealer{key: randomBytes(32)}}
	name := b64.EncodeToString(randomBytes(16))
	good := name + "." + s.knownTag(name, "a@example.fr")
	f.Add(good)
	f.Add(name)
	f.Add(strings.Repeat(".", 40))
	f.Fuzz(func(t *testing.T, cookie string) {
		if _, ok := s.known(cookie, "a@example.fr"); ok && !strings.Contains(cookie, s.knownTag(cookie[:22], "a@example.fr")) {
			t.Fatalf("forged: %q", cookie)
		}
	})
}
