package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"preau/internal/config"
	"preau/internal/egress"
	"preau/internal/i18n"
	"preau/internal/schedule"
	"preau/internal/store"
)

// Status is the outcome of a check.
type Status string

// The outcomes, from good to bad.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Result is what one check saw.
type Result struct {
	Check  string `json:"check"` // stable name, such as disk.free
	Status Status `json:"status"`
	Seen   string `json:"seen"`
	Mend   string `json:"mend,omitempty"` // how to mend it, unless all is well
}

// Report is every result, in the order of the checks.
type Report struct {
	At      int64    `json:"at"` // UTC milliseconds
	Status  Status   `json:"status"`
	Results []Result `json:"results"`
}

// Options of Run. All are required.
type Options struct {
	Config    *config.Config
	Catalogue *i18n.Catalogue
	Locale    i18n.Locale
	Log       *slog.Logger
}

// checkLimit is how long one check may take.
const checkLimit = 20 * time.Second

// examination is one run, with what its checks share.
type examination struct {
	Options
	now    time.Time
	start  time.Time // when the checks began, by the monotonic clock too
	out    *egress.Dialer
	db     *store.DB // nil when there is none that can be read
	dbErr  error
	report *Report

	// Measures, replaced in tests.
	space   func(path string) (filesystem, error)
	memory  func() (memoryState, error)
	syncing func(dir string) (time.Duration, error)
	clock   func() (synchronised, known bool)
	backup  func(*config.Config) (at time.Time, ok bool, err error)
}

// Run makes every check. Its error means that it could not even start.
func Run(ctx context.Context, o Options) (Report, error) {
	return run(ctx, o, time.Now(), nil)
}

func run(ctx context.Context, o Options, now time.Time, replace func(*examination)) (Report, error) {
	out, err := egress.New(o.Config.Outgoing(), o.Log)
	if err != nil {
		return Report{}, err
	}
	r := Report{At: now.UnixMilli(), Status: OK}
	e := &examination{Options: o, now: now, start: time.Now(), out: out, report: &r,
		space: readFilesystem, memory: readMemory, syncing: measureSync, clock: readClock, backup: schedule.LastBackup}
	if replace != nil {
		replace(e)
	}
	if o.Config.Database != "" || exists(databaseFile(o.Config)) {
		opening, cancel := context.WithTimeout(ctx, checkLimit)
		e.db, e.dbErr = store.Open(opening, store.Options{DSN: o.Config.Database.Reveal(), DataDir: o.Config.DataDir, Mode: store.ReadOnly, Dial: out.DialContext})
		cancel()
		if e.db != nil {
			defer e.db.Close()
		}
	}
	for _, check := range []func(context.Context){
		e.checkListeners, e.checkMedia, e.checkCertificate, e.checkClock, e.checkSpace, e.checkSync, e.checkMemory, e.checkPermissions,
		e.checkDatabase, e.checkJobs, e.checkBackup, e.checkBackupKey, e.checkMail, e.checkSteady,
	} {
		limited, cancel := context.WithTimeout(ctx, checkLimit)
		check(limited)
		cancel()
	}
	return r, nil
}

func (e *examination) add(s Status, check, seen, mend string, args []any) {
	named := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		named[args[i].(string)] = args[i+1]
	}
	r := Result{Check: check, Status: s, Seen: e.Catalogue.T(e.Locale, seen, named)}
	if mend != "" {
		r.Mend = e.Catalogue.T(e.Locale, mend, named)
	}
	e.report.Results = append(e.report.Results, r)
	if s == Fail || s == Warn && e.report.Status == OK {
		e.report.Status = s
	}
}

func (e *examination) ok(check, seen string, args ...any) { e.add(OK, check, seen, "", args) }
func (e *examination) warn(check, seen, mend string, args ...any) {
	e.add(Warn, check, seen, mend, args)
}
func (e *examination) fail(check, seen, mend string, args ...any) {
	e.add(Fail, check, seen, mend, args)
}

// Exit is the exit code of the command: 1 when a check failed, else 0.
func (r Report) Exit() int {
	if r.Status == Fail {
		return 1
	}
	return 0
}

// WriteJSON writes the report for programs.
func (r Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer, c *i18n.Catalogue, locale i18n.Locale) error {
	word := map[Status]string{OK: c.T(locale, "ops.doc_ok", nil), Warn: c.T(locale, "ops.doc_warn", nil), Fail: c.T(locale, "ops.doc_fail", nil)}
	width := 0
	for _, one := range word {
		width = max(width, len([]rune(one)))
	}
	var b strings.Builder
	count := map[Status]int{}
	for _, one := range r.Results {
		count[one.Status]++
		pad := strings.Repeat(" ", width-len([]rune(word[one.Status])))
		fmt.Fprintf(&b, "%s%s  %-20s %s\n", word[one.Status], pad, one.Check, one.Seen)
		if one.Mend != "" {
			fmt.Fprintf(&b, "%s  %20s → %s\n", strings.Repeat(" ", width), "", one.Mend)
		}
	}
	b.WriteString("\n" + c.T(locale, "ops.doc_total", map[string]any{"ok": count[OK], "warn": count[Warn], "fail": count[Fail]}) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}
