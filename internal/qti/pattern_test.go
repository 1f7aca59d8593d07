package qti

import "testing"

func TestSchemaPatterns(t *testing.T) {
	for _, one := range []struct {
		pattern, text string
		want          bool
	}{
		{`abc`, "abc", true},
		{`abc`, "xabc", false},
		{`^abc$`, "abc", true},
		{`a|bc`, "bc", true},
		{`a|bc`, "ac", false},
		{`a.c`, "a\nc", false},
		{`\d+`, "٣4", true},
		{`\w+`, "été_", false}, // the underscore is punctuation
		{`\w+`, "été", true},
		{`\W`, "-", true},
		{`\S+\s\S+`, "a b", true},
		{`\i\c*`, "_a-1", true},
		{`\i\c*`, "1a", false},
		{`[\i-[:]][\c-[:]]*`, "a:b", false},
		{`[\i-[:]][\c-[:]]*`, "a.b", true},
		{`[a-z-[aeiou]]+`, "xyz", true},
		{`[a-z-[aeiou]]+`, "xyze", false},
		{`[^a-c]`, "d", true},
		{`[a-c-[a-c]]`, "a", false},
		{`\p{Lu}\p{Ll}+`, "École", true},
		{`\p{IsBasicLatin}+`, "abc", true},
		{`\p{IsBasicLatin}+`, "é", false},
		{`a{2,3}`, "aaaa", false},
		{`1\.5|1,5`, "1,5", true},
		{`a$b`, "a$b", true},
		{`[\[\]]+`, "[]", true},
		{`(ab)+`, "abab", true},
	} {
		p, err := schemaPattern(one.pattern)
		if err != nil {
			t.Errorf("%s: %v", one.pattern, err)
			continue
		}
		if p.MatchString(one.text) != one.want {
			t.Errorf("%s on %q: %v (as %s)", one.pattern, one.text, !one.want, p)
		}
	}
	for _, bad := range []string{`[`, `[]`, `\q`, `\p{`, `(?=a)`, `a**`, `[[[[[[[[[[[[`} {
		if p, err := schemaPattern(bad); err == nil {
			t.Errorf("%q is taken as %s", bad, p)
		}
	}
}
