package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// asPreau makes the test's own binary the program, for tests that start it.
const asPreau = "PREAU_TEST_AS_PREAU"

func TestMain(m *testing.M) {
	if os.Getenv(asPreau) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The whole command, small: a server and an engine of their own processes.
func TestLoadLesson(t *testing.T) {
	t.Setenv(asPreau, "yes")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	l := loadLesson{Folder: t.TempDir(), Lessons: 1, Pupils: 2, Rate: 2, Length: 3 * time.Second, Most: 1, Window: time.Second}
	if err := l.measure(t.Context(), binary, &out); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
	for _, want := range []string{"machine: ", "given 6, at every pupil 6", "with lessons: ", "bare engine: ", "that both held"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed", want)
		}
	}
	if left, err := os.ReadDir(l.Folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// Sittings begun, saved to, the server killed while answers come: all is there.
func TestLoadSittings(t *testing.T) {
	t.Setenv(asPreau, "yes")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	l := loadSittings{Folder: t.TempDir(), Sittings: 40, Connections: 8, Length: time.Second, Kills: 1}
	if err := l.measure(t.Context(), binary, &out); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
	for _, want := range []string{"40 sittings begun", "the raw group commit", " 0 lost; 0 twice or sent by nobody"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed", want)
		}
	}
}

// A storm, small: classes begin while others save, then again with the server
// killed: all that was acknowledged is there.
func TestLoadStorm(t *testing.T) {
	t.Setenv(asPreau, "yes")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	l := loadStorm{Folder: t.TempDir(), Starts: 60, Running: 40, Over: 2 * time.Second, Class: time.Second, Every: time.Second, Connections: 16, Kills: 1}
	if err := l.measure(t.Context(), binary, &out); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
	for _, want := range []string{"40 sittings begun, 66 pupils ready", "begun 50, ", "failed map[]", " 0 lost; 0 twice or sent by nobody", " 0 lost; 0 sittings twice"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed", want)
		}
	}
}
