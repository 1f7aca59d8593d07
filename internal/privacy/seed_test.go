package privacy

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/internal/i18n"
	"preau/internal/identity"
	"preau/internal/store"
	"preau/internal/store/storetest"
)

const day = 24 * time.Hour

var start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// house is a service on a seeded database, with its clock.
type house struct {
	*Service
	t       *testing.T
	clock   *storetest.Clock
	journal []store.Erasure
	proved  int64 // when the caller of serve proved who they are, UTC ms
}

// each runs a test on both databases, seeded with two schools of one pupil and
// one former member of staff each, who are in every table that has people.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	clock := storetest.NewClock(start)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		texts, err := i18n.Load()
		if err != nil {
			t.Fatal(err)
		}
		h := &house{t: t, clock: clock}
		processor := "Commune de Saint-Rémy"
		school := func(_ context.Context, id string) (identity.School, error) {
			return identity.School{ID: id, Name: "École " + id, Kind: "ecole", ControllerName: "Claude Martin", ControllerRole: "DASEN", ControllerContact: "dasen@ac.example", Processor: &processor}, nil
		}
		h.Service = New(Options{
			DB: db, Catalogue: texts, School: school,
			Schools: func(ctx context.Context, after string, _ int) ([]identity.School, error) {
				var list []identity.School
				for _, id := range []string{"school-A", "school-B"} {
					if id > after {
						one, _ := school(ctx, id)
						list = append(list, one)
					}
				}
				return list, nil
			},
			Journal: func(_ context.Context, e store.Erasure) error { h.journal = append(h.journal, e); return nil },
		})
		for _, mark := range []string{"A", "B"} {
			h.seed(mark)
		}
		f(t, h)
	}, func(o *store.Options) { o.Clock = clock })
}

// seed fills every table for one school. Each value about its pupil holds
// "seat-<mark>", each about its staff "staff-<mark>".
func (h *house) seed(mark string) {
	now := h.clock.Now().UnixMilli()
	for _, line := range strings.Split(strings.TrimSpace(seedRows), "\n") {
		table, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.NewReplacer("#", mark, "@now", fmt.Sprint(now), "@year", fmt.Sprint(now+365*dayMs)).Replace(rest)
		columns, values, _ := strings.Cut(rest, " = ")
		if h.db.Dialect() == store.SQLite {
			values = strings.ReplaceAll(values, "'\\x", "x'")
		}
		h.exec("INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")")
	}
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	err := h.db.Tx(h.t.Context(), func(tx store.Queryer) error {
		_, err := tx.ExecContext(h.t.Context(), query, args...)
		return err
	})
	if err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
}

func (h *house) count(table, where string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.Reader().QueryRowContext(h.t.Context(), "SELECT count(*) FROM "+table+" WHERE "+where, args...).Scan(&n); err != nil {
		h.t.Fatalf("%s where %s: %v", table, where, err)
	}
	return n
}

// Bytes are written for PostgreSQL; those about the pupil or the staff are the ASCII of
// their marks.
const seedRows = `
school id, name, kind, zone, controller_name, controller_role, controller_contact, created_at = 'school-#', 'École #', 'ecole', 'Europe/Paris', 'Claude Martin', 'DASEN', 'dasen@ac.example', @now
staff id, name, email, password_hash, locale, created_at = 'head-#', 'Directrice', 'head-#@ecole.example', NULL, 'fr', @now
staff id, name, email, password_hash, locale, created_at = 'staff-#', 'Nom staff-#', 'staff-#@ecole.example', 'argon staff-#', 'fr', @now
staff_grant id, staff_id, role, scope, scope_id, school_id, created_by, created_at = 'grant-head-#', 'head-#', 'head', 'school', 'school-#', 'school-#', NULL, @now
staff_grant id, staff_id, role, scope, scope_id, school_id, created_by, created_at, revoked_at = 'grant-#', 'staff-#', 'assistant', 'seats', NULL, 'school-#', 'head-#', @now, @now
staff_grant id, staff_id, role, scope, scope_id, school_id, created_by, created_at = 'grant-by-#', 'head-#', 'office', 'school', 'school-#', 'school-#', 'staff-#', @now
year id, school_id, label, starts_on, ends_on, created_at = 'year-#', 'school-#', '2026-2027', '2026-09-01', '2027-07-03', @now
roster_group id, school_id, year_id, name, kind, level, code, created_at = 'group-#', 'school-#', 'year-#', '6e B', 'class', '6e', 'KR#4', @now
seat id, school_id, year_id, number, pseudonym, picture, level, auth_hash, code_hash, secret_version, created_at = 'seat-#', 'school-#', 'year-#', 7, 'Loutre seat-#', 'otter seat-#', '6e', '\x736561742d#1', '\x736561742d#2', 1, @now
seat id, school_id, year_id, number, pseudonym, picture, secret_version, created_at = 'other-#', 'school-#', 'year-#', 8, 'Renard agile', 'fox', 1, @now
grant_seat grant_id, seat_id, school_id = 'grant-#', 'seat-#', 'school-#'
staff_session id, token_hash, staff_id, keep, device, created_at, last_seen_at, expires_at, fresh_at = 'ss-#', '\x5555#1', 'staff-#', 0, 'Firefox staff-#', @now, @now, @year, @now
passkey id, staff_id, credential_id, data, label, created_at = 'pk-#', 'staff-#', '\x5555#2', '{}', 'Clé staff-#', @now
recovery_code id, staff_id, code_hash, created_at = 'rc-#', 'staff-#', '\x5555#3', @now
invitation id, token_hash, school_id, role, scope, email, created_by, created_at, expires_at, used_at = 'inv-#', '\x5555#4', 'school-#', 'assistant', 'seats', 'staff-#@ecole.example', 'head-#', @now, @year, @now
invitation id, token_hash, school_id, role, scope, email, created_by, created_at, expires_at = 'inv-by-#', '\x5555#5', 'school-#', 'teacher', 'school', NULL, 'staff-#', @now, @year
invitation_seat invitation_id, seat_id, school_id = 'inv-#', 'seat-#', 'school-#'
invitation_seat invitation_id, seat_id, school_id = 'inv-by-#', 'seat-#', 'school-#'
signin_link id, token_hash, staff_id, purpose, created_at, expires_at = 'link-#', '\x5555#6', 'staff-#', 'signin', @now, @year
ceremony id, expires_at = 'ceremony-#', @now
seat_group seat_id, group_id, school_id = 'seat-#', 'group-#', 'school-#'
seat_group seat_id, group_id, school_id = 'other-#', 'group-#', 'school-#'
roster_import id, school_id, year_id, digest, created_by, created_at = 'import-#', 'school-#', 'year-#', '\x5555#7', 'staff-#', @now
seat_session id, token_hash, seat_id, school_id, own_device, status, via, recipient, recipient_mac, device, created_at, last_seen_at, answered_by = 'session-#', '\x5555#8', 'seat-#', 'school-#', 1, 'in', 'link', 'age1 seat-#', '\x736561742d#3', 'tablet', @now, @now, 'staff-#'
seat_session id, token_hash, seat_id, school_id, own_device, status, via, device, created_at, last_seen_at = 'session-other-#', '\x5555#9', 'other-#', 'school-#', 1, 'in', 'link', 'tablet', @now, @now
first_names session_id, group_id, school_id, sealed, created_by, created_at = 'session-#', 'group-#', 'school-#', '\x736561742d#4', 'staff-#', @now
first_names session_id, group_id, school_id, sealed, created_by, created_at = 'session-other-#', 'group-#', 'school-#', '\x736561742d#5', 'staff-#', @now
staff_key staff_id, recipient, sign_pub, sealed, created_at = 'staff-#', 'age1 staff', '\x5555#a', '\x5555#b', @now
staff_key_past id, staff_id, recipient, sign_pub, sealed, replaced_at = 'past-#', 'staff-#', 'age1 staff', '\x5555#a', '\x5555#b', @now
names_key id, school_id, recipient, created_by, created_at = 'key-#', 'school-#', 'age1 names', 'staff-#', @now
names_member id, key_id, school_id, staff_id, recipient, sign_pub, wrapped, endorsed_by, endorsement, created_at = 'member-#', 'key-#', 'school-#', 'staff-#', 'age1 staff', '\x5555#a', '\x5555#c', 'staff-#', '\x5555#d', @now
name_record school_id, seat_id, version, key_id, ciphertext, signer_id, signature, created_at = 'school-#', 'seat-#', 1, 'key-#', '\x736561742d#6', 'staff-#', '\x5555#e', @now
name_record school_id, seat_id, version, key_id, ciphertext, signer_id, signature, created_at = 'school-#', 'seat-#', 2, 'key-#', '\x736561742d#7', 'staff-#', '\x5555#f', @now
audit id, school_id, at, actor_kind, actor_id, act, subject_kind, subject_id, detail = 'a1-#', 'school-#', @now, 'staff', 'staff-#', 'seat.secret', 'seat', 'seat-#', '{"version":"seat-#"}'
audit id, school_id, at, actor_kind, actor_id, act, subject_kind, subject_id, detail = 'a2-#', 'school-#', @now, 'staff', 'head-#', 'seat.swap', 'seat', 'other-#', '{"with":"seat-#"}'
audit id, school_id, at, actor_kind, actor_id, act, subject_kind, subject_id, detail = 'a3-#', 'school-#', @now, 'seat', 'seat-#', 'door.enter', NULL, NULL, '{}'
audit id, school_id, at, actor_kind, actor_id, act, subject_kind, subject_id, detail = 'a4-#', 'school-#', @now, 'staff', 'head-#', 'grant.give', 'staff', 'staff-#', '{"role":"assistant"}'
erasure id, school_id, subject_kind, subject_id, at = 'e0-#', 'school-#', 'seat', 'gone-#', @now
retention_setting school_id, rule, days, set_by, set_at = 'school-#', 'job.done', 3, 'staff-#', @now
retention_run id, school_id, requested_by, created_at, done_at, counts = 'run-#', 'school-#', 'staff-#', @now, @now, '{}'
lesson id, school_id, group_id, title, created_by, created_at, starts_at, minutes, preset, guests_version, opened_at, ended_at, epoch, next_n = 'lesson-#', 'school-#', 'group-#', 'Maths', 'staff-#', @now, @now, 55, 'cours', 0, @now, @now, 1, 4
lesson_person lesson_id, id, school_id, kind, seat_id = 'lesson-#', 'p1', 'school-#', 'seat', 'seat-#'
lesson_person lesson_id, id, school_id, kind, staff_id = 'lesson-#', 'p2', 'school-#', 'staff', 'staff-#'
lesson_event lesson_id, n, school_id, epoch, at, kind, by_person, data = 'lesson-#', 1, 'school-#', 1, @now, 'opened', NULL, '{"preset":"cours"}'
lesson_event lesson_id, n, school_id, epoch, at, kind, by_person, data = 'lesson-#', 2, 'school-#', 1, @now, 'message', 'p1', '{"text":"seat-#","to":"all"}'
lesson_event lesson_id, n, school_id, epoch, at, kind, by_person, data = 'lesson-#', 3, 'school-#', 1, @now, 'message', 'p2', '{"text":"Nom staff-#","to":"all"}'
lesson_guest id, lesson_id, school_id, token_hash, label, status, created_at = 'guest-#', 'lesson-#', 'school-#', '\x5555#c', 'Mme Dupont', 'in', @now
lesson_report id, school_id, lesson_id, title, sealed, created_by, created_at = 'report-#', 'school-#', 'lesson-#', 'Maths', '\x5555', 'staff-#', @now
lesson_setting school_id, preset, guests, set_by, set_at = 'school-#', 'cours', 1, 'staff-#', @now
lesson_calendar staff_id, school_id, token_hash, created_at = 'staff-#', 'school-#', '\x5555#d', @now
test_package id, school_id, blob_id, sha256, title, test, items, created_by, created_at = 'test-#', 'school-#', 'blob-#', 'x', 'Sixième', 'sixieme', 1, 'staff-#', @now
campaign_publisher id, school_id, name, folded, key, accepted_by, accepted_at, ended_by, ended_at, why = 'publisher-#', 'school-#', 'Service', 'service', 'preau-publisher-1.', 'staff-#', @now, 'staff-#', @now, 'Clé perdue'
campaign_file id, school_id, blob_id, sha256, campaign, edition, publisher, key, title, opens_at, closes_at, kept_days, brought_by, brought_at, accepted_by, accepted_at, opened_by, opened_at = 'file-#', 'school-#', 'blob-file-#', 'x', 'ab', 1, 'Service', 'preau-publisher-1.', 'Sixième', @now, @now, 365, 'staff-#', @now, 'staff-#', @now, 'staff-#', @now
campaign id, school_id, package_id, taken_id, title, policy, opens_at, closes_at, created_by, created_at = 'campaign-#', 'school-#', 'test-#', 'test-#', 'Sixième', '{}', @now, @now, 'staff-#', @now
campaign_group campaign_id, group_id, school_id = 'campaign-#', 'group-#', 'school-#'
campaign_seat campaign_id, seat_id, school_id, extra, helped, mark, set_by, set_at = 'campaign-#', 'seat-#', 'school-#', 33, 1, '', 'staff-#', @now
campaign_rescore id, campaign_id, school_id, from_package, to_package, why, set_by, set_at = 'rescore-#', 'campaign-#', 'school-#', 'test-#', 'test-#', 'Une clé fausse', 'staff-#', @now
campaign_room campaign_id, group_id, sequence, school_id, status, set_by, set_at = 'campaign-#', 'group-#', 0, 'school-#', 'open', 'staff-#', @now
sitting id, school_id, campaign_id, seat_id, sequence, seed, status, device, asking, stage, started_at, ends_at, paused_at, finished_at = 'sitting-#', 'school-#', 'campaign-#', 'seat-#', 0, '7', 'finished', 1, 0, 1, @now, @now, 0, @now
sitting_answer sitting_id, device, n, school_id, item, data, at, late = 'sitting-#', 1, 1, 'school-#', 'q1', '{"r1":"seat-#"}', @now, 0
sitting_turn sitting_id, item, n, late, school_id, device, data, state, at = 'sitting-#', 'q2', 1, 0, 'school-#', 1, '{"r1":"seat-#"}', '{"done":true,"outcomes":{"SCORE":1}}', @now
sitting_event id, sitting_id, school_id, at, kind, by_staff, data = 'event-#', 'sitting-#', 'school-#', @now, 'note', 'staff-#', '{"note":"seat-#"}'
paper_check campaign_id, group_id, sequence, school_id, seed, share, drawn_by, drawn_at = 'campaign-#', 'group-#', 0, 'school-#', 'aa', 10, 'staff-#', @now
paper_drawn campaign_id, group_id, sequence, seat_id, school_id = 'campaign-#', 'group-#', 0, 'seat-#', 'school-#'
paper_second campaign_id, sequence, seat_id, question, school_id, code, keyed_by, keyed_at, first_code, decided, decided_by, decided_at = 'campaign-#', 0, 'seat-#', 'fr-1', 'school-#', '1', 'staff-#', @now, '0', '1', 'staff-#', @now
aloud_state campaign_id, seat_id, school_id, state, set_by, set_at = 'campaign-#', 'seat-#', 'school-#', 'redo', 'staff-#', @now
aloud_reading id, campaign_id, seat_id, school_id, begun_by, begun_at = 'reading-#', 'campaign-#', 'seat-#', 'school-#', 'staff-#', @now
aloud_save reading_id, n, school_id, data, at = 'reading-#', 1, 'school-#', '{"wrong":[2],"last":40,"seconds":60,"done":true,"void":false}', @now
rubric campaign_id, question, school_id, criteria, twice, set_by, set_at = 'campaign-#', 'fr-1', 'school-#', '[]', 1, 'staff-#', @now
marking id, campaign_id, question, seat_id, school_id, turn, n, levels, marked_by, marked_at = 'marking-#', 'campaign-#', 'fr-1', 'seat-#', 'school-#', 1, 1, '[1]', 'staff-#', @now
question id, school_id, kind, title, skill, points, version, created_by, created_at = 'question-#', 'school-#', 'choice', 'Une somme', 'calcul', 100, 1, 'staff-#', @now
question_version question_id, version, school_id, draft, saved_by, saved_at = 'question-#', 1, 'school-#', '{"kind":"choice","title":"Une somme","points":1,"ask":"2 + 2 ?"}', 'staff-#', @now
question_file id, school_id, blob_id, media_type, width, height, created_by, created_at = 'qfile-#', 'school-#', 'blob-#', 'image/png', 40, 30, 'staff-#', @now
question_shows question_id, version, file_id, school_id = 'question-#', 1, 'qfile-#', 'school-#'
test_plan package_id, school_id, plan = 'test-#', 'school-#', '{"title":"Sixième","sections":[]}'
test_question package_id, question_id, version, school_id = 'test-#', 'question-#', 1, 'school-#'
journal school_id, slug, title, subtitle, opened, widest, contributions, outside, director, director_as, publisher, host, contact, how_to, accessibility, accessible, set_by, set_at = 'school-#', 'j-#', 'Le Platane', '', 1, 'public', 'all', 0, 'D. Leroy', 'head', 'x', 'x', 'x', '', '', 'none', 'staff-#', @now
journal_theme id, school_id, slug, name, about, rank, created_at = 'theme-#', 'school-#', 'vie', 'Vie', '', 1, @now
journal_collective id, school_id, slug, name, kind, about, rank, created_at = 'club-#', 'school-#', 'club', 'Club', 'club', '', 1, @now
journal_author id, school_id, seat_id, pen_name, pen_key, created_at = 'pen-#', 'school-#', 'seat-#', 'Plume seat-#', 'plume seat-#', @now
journal_author id, school_id, staff_id, pen_name, pen_key, created_at = 'pen-staff-of-#', 'school-#', 'staff-#', 'Mme L', 'mmel', @now
journal_mandate id, school_id, seat_id, kind, starts_at, until, given_by, created_at = 'm1-#', 'school-#', 'seat-#', 'board', @now, @now, 'staff-#', @now
journal_mandate id, school_id, staff_id, kind, starts_at, until, given_by, created_at = 'm2-#', 'school-#', 'staff-#', 'moderation', @now, @now, 'head-#', @now
journal_piece id, school_id, kind, status, change, audience, live_id, work_id, published_at, first_at, changed_at, visits, additions, version, created_at = 'piece-#', 'school-#', 'article', 'published', '', 'public', 'rev-#', 'rev-#', @now, @now, @now, 0, 1, 1, @now
journal_piece id, school_id, kind, status, change, audience, work_id, changed_at, visits, additions, version, created_at = 'draft-#', 'school-#', 'article', 'draft', '', 'public', 'rev2-#', @now, 0, 0, 1, @now
journal_revision id, piece_id, school_id, n, by_author, created_at, saved_at, published_at, title, kicker, standfirst, picture_alt, credit, about, body = 'rev-#', 'piece-#', 'school-#', 1, 'pen-#', @now, @now, @now, 'Titre', '', '', '', '', '{}', '{}'
journal_revision id, piece_id, school_id, n, by_author, created_at, saved_at, title, kicker, standfirst, picture_alt, credit, about, body = 'rev2-#', 'draft-#', 'school-#', 1, 'pen-#', @now, @now, 'Titre seat-#', '', '', '', '', '{"tags":["seat-#"]}', '{"text":"seat-#"}'
journal_piece_author piece_id, author_id, school_id, rank = 'piece-#', 'pen-#', 'school-#', 1
journal_piece_author piece_id, author_id, school_id, rank = 'draft-#', 'pen-#', 'school-#', 1
journal_piece_theme piece_id, theme_id, school_id, published_at = 'piece-#', 'theme-#', 'school-#', @now
journal_tag piece_id, slug, school_id, name, published_at = 'piece-#', 'mot', 'school-#', 'mot', @now
journal_word school_id, word, weight, published_at, piece_id = 'school-#', 'mot', 1, @now, 'piece-#'
journal_note id, piece_id, school_id, kind, act, by_author, text, at = 'note-#', 'piece-#', 'school-#', 'note', '', 'pen-#', 'De seat-#', @now
journal_decision id, piece_id, school_id, act, reason, by_staff, at = 'decision-#', 'piece-#', 'school-#', 'suspend', 'Un motif', 'staff-#', @now
journal_contribution id, piece_id, school_id, status, name, text, link, answer, reason, signs, source, receipt, seat_id, at, decided_by, decided_at = 'add-#', 'piece-#', 'school-#', 'shown', 'Nom seat-#', 'Texte seat-#', '', '', '', '', 's', '\x5555', 'seat-#', @now, 'staff-#', @now
journal_contribution id, piece_id, school_id, status, name, text, link, answer, reason, signs, source, receipt, staff_id, at = 'add2-#', 'piece-#', 'school-#', 'shown', 'Mme L', 'Texte', '', '', '', '', 's', '\x5556', 'staff-#', @now
journal_address contribution_id, school_id, address, at, until = 'add-#', 'school-#', '192.0.2.1 seat-#', @now, @now
journal_report id, school_id, piece_id, contribution_id, why, text, credible, status, reason, receipt, at = 'alarm-#', 'school-#', 'piece-#', 'add-#', 'person', 'Il dit du mal', 1, 'waiting', '', '\x5557', @now
journal_reply id, school_id, piece_id, name, contact, passages, text, status, reason, receipt, at, due_at = 'answer-#', 'school-#', 'piece-#', 'M. X', 'x@example', 'p', 't', 'waiting', '', '\x5558', @now, @now
journal_form id, until = 'form-#', @now
journal_file id, school_id, blob_id, kind, media_type, name, width, height, size, by_author, created_at, dropped = 'file-#', 'school-#', 'blob-#', 'picture', 'image/jpeg', 'seat-#.jpg', 1, 1, 1, 'pen-staff-of-#', @now, 0
journal_use piece_id, file_id, school_id = 'piece-#', 'file-#', 'school-#'
journal_move id, school_id, state, export_id, steps, total, report, choice, problem, by_staff, created_at, changed_at = 'move-#', 'school-#', 'read', 'blob-move-#', 0, 0, '{}', '', '', 'staff-#', @now, @now
journal_old school_id, origin, piece_id = 'school-#', 'origin-#', 'piece-#'
journal_old_path school_id, path, piece_id = 'school-#', 'path-#', 'piece-#'
journal_consent id, school_id, seat_id, what, purpose, medium, parental, starts_at, until, recorded_by, recorded_at = 'consent-#', 'school-#', 'seat-#', 'image', 'Article', 'Journal', 1, @now, @year, 'staff-#', @now
journal_consent_use consent_id, subject, school_id = 'consent-#', 'file-#', 'school-#'
journal_consent_use consent_id, subject, school_id = 'consent-#', 'piece-#', 'school-#'
journal_log id, school_id, at, act, subject, subject_id, by_staff, reason = 'log-#', 'school-#', @now, 'piece.publish', 'piece', 'piece-#', 'staff-#', ''
job id, kind, school_id, payload, run_at, created_at, done_at = 'job-#', 'x', 'school-#', '{}', @now, @now, @now
blob id, school_id, kind, media_type, size, sha256, created_at = 'blob-#', 'school-#', 'slide', 'application/pdf', 1, 'x', @now
`
