package journal

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/journal/text"
	"preau/internal/store"
)

func escapeQuery(s string) string { return url.QueryEscape(s) }

// articleData is a piece as it is read.
type articleData struct {
	Piece     piece
	Content   Content
	Doc       text.Doc
	Body      template.HTML
	Picture   *File
	Documents []File
	Names     []string
	Themes    []Theme
	Collect   *Collective
	ChangedAt int64 // of the live revision, when it is not the first
	Replies   []Reply
	Additions []addition
	MoreFrom  string // id after which contributions go on
	Beside    []shelf
	Form      formData
	MayAdd    bool
	Preview   bool
}

// formData is a form as it is filled, with what is wrong in it.
type formData struct {
	Token, Work            string
	Zeros                  int
	Name, Text, Link       string
	Contact, Passages, Why string
	Title, Contribution    string
	Error, Field           string
	Label                  string // of the field, as the page words it
	Preview, Done          bool
}

// cardsBeside is the length of « derniers articles » beside a piece.
const cardsBeside = 4

// pieceAt finds a piece that the reader of a page may see.
func (s *Service) pieceAt(ctx context.Context, q store.Queryer, p *page, slug string) (piece, error) {
	found, err := pieceWhere(ctx, q, "p.school_id = $1 AND p.slug = $2", p.Journal.School.ID, slug)
	if err != nil {
		return found, err
	}
	if !p.viewer.sees(found.Audience, value(found.Group)) {
		return found, noPiece()
	}
	switch {
	case found.State.Status == Withdrawn:
		return found, fault.New(fault.Gone, "journal.was_withdrawn")
	case found.State.Status == Suspended || found.State.Status == Forbidden:
		return found, fault.New(fault.Gone, "journal.was_suspended")
	case found.HiddenAt != nil:
		return found, fault.New(fault.Locked, "journal.is_hidden")
	case !found.shows(s.now()):
		return found, noPiece()
	}
	return found, nil
}

func (s *Service) pageArticle(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	found, err := s.pieceAt(r.Context(), s.db.Reader(), p, r.PathValue("slug"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	form := formData{Token: s.newForm("add\x00" + found.ID)}
	if err := s.showArticle(w, r, p, found, form, http.StatusOK); err != nil {
		s.fail(w, r, p, err)
		return
	}
	if counts(r) && !p.Static {
		s.visits.add(found.ID)
	}
}

// showArticle writes a piece with its contributions and the form to add one.
func (s *Service) showArticle(w http.ResponseWriter, r *http.Request, p *page, found piece, form formData, status int) error {
	ctx, q := r.Context(), s.db.Reader()
	live, err := revisionBy(ctx, q, found.ID, value(found.LiveID))
	if err != nil {
		return err
	}
	d := articleData{Piece: found, Form: form, MayAdd: !p.Static && mayAdd(p.Journal, p.viewer)}
	d.Form.Zeros = workZeros
	if live.N > 1 && live.PublishedAt != nil {
		d.ChangedAt = *live.PublishedAt
	}
	if err := s.fillArticle(ctx, q, p, &d, live.Content); err != nil {
		return err
	}
	if d.Replies, err = repliesOf(ctx, q, found.ID); err != nil {
		return err
	}
	if found.Additions > 0 {
		after := r.URL.Query().Get("apres")
		if len(after) > 40 {
			after = ""
		}
		var more bool
		if d.Additions, more, err = additionsOf(ctx, q, found.ID, after); err != nil {
			return err
		}
		if more {
			d.MoreFrom = d.Additions[len(d.Additions)-1].ID
		}
	}
	if err := s.beside(ctx, q, p, &d); err != nil {
		return err
	}
	p.Title, p.Kind, p.Path = p.titled(d.Form, live.Title), "article", p.To("article", value(found.Slug))
	if live.Standfirst != "" {
		p.About = live.Standfirst
	}
	if d.Picture != nil {
		p.Picture = p.Absolute(p.File(d.Picture.ID))
	}
	p.Feed = p.To("article", value(found.Slug), "flux.atom")
	p.Hidden = p.Hidden || found.Audience != ToPublic
	s.write(w, r, p, "article", status, d)
	return nil
}

// fillArticle reads what a content shows: files that stand, themes, collective.
func (s *Service) fillArticle(ctx context.Context, q store.Queryer, p *page, d *articleData, c Content) error {
	d.Content = c
	for _, a := range d.Piece.Authors {
		if a.PenName != "" && !a.Invited {
			d.Names = append(d.Names, a.PenName)
		}
	}
	gone := map[string]bool{}
	for _, id := range c.files() {
		f, err := fileBy(ctx, q, p.Journal.School.ID, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || f.RemovedAt != nil || f.Held && !d.Preview {
			gone[id] = true
			continue
		}
		if id == c.PictureID {
			d.Picture = &f
		}
		for _, doc := range c.About.Documents {
			if doc == id {
				d.Documents = append(d.Documents, f)
			}
		}
	}
	doc, err := text.Parse(c.Body)
	if err != nil {
		return err
	}
	d.Doc = doc.Without(gone)
	d.Body = d.Doc.HTML()
	themes, collectives, err := s.bothAxes(ctx, p.Journal.School.ID)
	if err != nil {
		return err
	}
	for _, t := range themes {
		for _, id := range c.About.Themes {
			if t.ID == id {
				d.Themes = append(d.Themes, t.Theme)
			}
		}
	}
	for _, one := range collectives {
		if one.ID == c.About.Collective {
			d.Collect = &one
		}
	}
	return nil
}

// beside are the latest pieces of the same collective and of each theme.
func (s *Service) beside(ctx context.Context, q store.Queryer, p *page, d *articleData) error {
	school, now := p.Journal.School.ID, s.now()
	add := func(title, all string, l listing) error {
		l.limit, l.unsigned = cardsBeside+1, true
		list, _, err := s.cards(ctx, q, p.viewer, l)
		if err != nil {
			return err
		}
		out := list[:0]
		for _, c := range list {
			if c.ID != d.Piece.ID && len(out) < cardsBeside {
				out = append(out, c)
			}
		}
		if len(out) > 0 {
			d.Beside = append(d.Beside, shelf{Title: title, Cards: out, Next: all})
		}
		return nil
	}
	if d.Collect != nil {
		if err := add(d.Collect.Name, p.To("collectif", d.Collect.Slug), s.ofCollective(school, d.Collect.ID, now, 0)); err != nil {
			return err
		}
	}
	for _, t := range d.Themes {
		if err := add(t.Name, p.To("theme", t.Slug), s.ofTheme(school, t.ID, now, 0)); err != nil {
			return err
		}
	}
	return nil
}

// pagePreview shows a piece to its authors and reviewers as it will be read.
func (s *Service) pagePreview(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	ctx, q, school := r.Context(), s.db.Reader(), p.Journal.School.ID
	detail, err := s.Piece(ctx, school, r.PathValue("piece"))
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	found, err := pieceBy(ctx, q, school, detail.ID)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	now := s.now()
	if found.PublishedAt == nil {
		found.PublishedAt = &now
	}
	d := articleData{Piece: found, Preview: true}
	if err := s.fillArticle(ctx, q, p, &d, detail.Work); err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Title, p.Kind, p.Hidden = detail.Work.Title, "article", true
	s.write(w, r, p, "article", http.StatusOK, d)
}

// maxForm is the largest body of a form.
const maxForm = 256 << 10

// readPosted reads a posted form within its limit.
func readPosted(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "journal.form_large")
	}
	return nil
}

// sendAddition takes a contribution: first as a preview, then for good.
func (s *Service) sendAddition(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	ctx := r.Context()
	found, err := s.pieceAt(ctx, s.db.Reader(), p, r.PathValue("slug"))
	if err == nil {
		err = readPosted(w, r)
	}
	if err == nil && !mayAdd(p.Journal, p.viewer) {
		err = fault.New(fault.Forbidden, "journal.no_contributions")
	}
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	in := Sent{Name: r.PostForm.Get("nom"), Text: r.PostForm.Get("message"), Link: r.PostForm.Get("lien"), Trap: r.PostForm.Get("site"), Token: r.PostForm.Get("jeton"), Work: r.PostForm.Get("travail"), From: httpx.ClientIP(ctx)}
	form := formData{Token: in.Token, Work: in.Work, Name: in.Name, Text: in.Text, Link: in.Link}
	err = in.check()
	var receipt string
	sending := err == nil && r.PostForm.Get("etape") == "envoyer"
	if sending {
		receipt, err = s.Contribute(ctx, p.Journal, found, p.viewer, in)
	}
	if f := fault.Of(err); f != nil {
		if f.Key == "journal.form_spent" {
			form.Token, form.Work = s.newForm("add\x00"+found.ID), ""
		}
		p.refuse(&form, f, map[string]string{"name": "who_are_you", "text": "your_message", "link": "link_optional"})
		err = s.showArticle(w, r, p, found, form, http.StatusUnprocessableEntity)
	} else if err == nil && !sending {
		form.Name, form.Text, form.Link, form.Preview = in.Name, in.Text, in.Link, true
		err = s.showArticle(w, r, p, found, form, http.StatusOK)
	} else if err == nil {
		http.Redirect(w, r, p.To("suivi", receipt), http.StatusSeeOther)
	}
	if err != nil {
		s.fail(w, r, p, err)
	}
}

// alarmData is the page by which one reports, or asks for a reply.
type alarmData struct {
	Slug, Title string
	Excerpt     string
	Reasons     []string
	Most        int
	Form        formData
}

// alarmOf finds the piece of a report or reply, and its live revision.
func (s *Service) alarmOf(w http.ResponseWriter, r *http.Request) (p *page, found piece, live revision, ok bool) {
	if p, ok = s.enterPage(w, r); !ok {
		return
	}
	ctx := r.Context()
	found, err := s.pieceAt(ctx, s.db.Reader(), p, r.PathValue("slug"))
	if err == nil {
		live, err = revisionBy(ctx, s.db.Reader(), found.ID, value(found.LiveID))
	}
	if err == nil && r.Method == http.MethodPost {
		err = readPosted(w, r)
	}
	if err != nil {
		s.fail(w, r, p, err)
	}
	p.Hidden = true
	return p, found, live, err == nil
}

func (s *Service) pageReport(w http.ResponseWriter, r *http.Request) {
	if p, found, live, ok := s.alarmOf(w, r); ok {
		s.showReport(w, r, p, found, live, formData{Token: s.newForm("report\x00" + found.ID), Contribution: r.URL.Query().Get("complement")}, http.StatusOK)
	}
}

func (s *Service) showReport(w http.ResponseWriter, r *http.Request, p *page, found piece, live revision, form formData, status int) {
	d := alarmData{Slug: value(found.Slug), Title: live.Title, Reasons: reasonsToReport(), Form: form}
	if form.Contribution != "" {
		var excerpt string
		err := s.db.Reader().QueryRowContext(r.Context(), "SELECT text FROM journal_contribution WHERE id = $1 AND piece_id = $2 AND status = 'shown'", form.Contribution, found.ID).Scan(&excerpt)
		if err != nil && !isNoRows(err) {
			s.fail(w, r, p, err)
			return
		}
		if letters := []rune(excerpt); len(letters) > 200 {
			excerpt = string(letters[:200]) + "…"
		}
		d.Excerpt = excerpt
	}
	p.Title = p.titled(form, p.T("report"))
	s.write(w, r, p, "report", status, d)
}

func (s *Service) sendReport(w http.ResponseWriter, r *http.Request) {
	p, found, live, ok := s.alarmOf(w, r)
	if !ok {
		return
	}
	in := Alarm{Why: r.PostForm.Get("motif"), Text: r.PostForm.Get("message"), Contribution: r.PostForm.Get("complement"), Trap: r.PostForm.Get("site"), Token: r.PostForm.Get("jeton"), From: httpx.ClientIP(r.Context())}
	receipt, _, err := s.Report(r.Context(), found, in)
	switch f := fault.Of(err); {
	case err == nil:
		http.Redirect(w, r, p.To("suivi", receipt), http.StatusSeeOther)
	case f != nil && f.Kind != fault.Limited:
		form := formData{Token: in.Token, Why: in.Why, Text: in.Text, Contribution: in.Contribution}
		p.refuse(&form, f, map[string]string{"why": "report_why", "text": "report_text"})
		if f.Key == "journal.form_spent" {
			form.Token = s.newForm("report\x00" + found.ID)
		}
		s.showReport(w, r, p, found, live, form, http.StatusUnprocessableEntity)
	default:
		s.fail(w, r, p, err)
	}
}

func (s *Service) pageReply(w http.ResponseWriter, r *http.Request) {
	if p, found, live, ok := s.alarmOf(w, r); ok {
		s.showReply(w, r, p, found, live, formData{Token: s.newForm("reply\x00" + found.ID)}, http.StatusOK)
	}
}

func (s *Service) showReply(w http.ResponseWriter, r *http.Request, p *page, found piece, live revision, form formData, status int) {
	doc, err := text.Parse(live.Body)
	if err != nil {
		s.fail(w, r, p, err)
		return
	}
	p.Title = p.titled(form, p.T("reply"))
	s.write(w, r, p, "reply", status, alarmData{Slug: value(found.Slug), Title: live.Title, Most: max(len([]rune(doc.Plain())), shortestSpan), Form: form})
}

func (s *Service) sendReply(w http.ResponseWriter, r *http.Request) {
	p, found, live, ok := s.alarmOf(w, r)
	if !ok {
		return
	}
	in := Asked{Name: r.PostForm.Get("nom"), Contact: r.PostForm.Get("contact"), Passages: r.PostForm.Get("passages"), Text: r.PostForm.Get("message"), Trap: r.PostForm.Get("site"), Token: r.PostForm.Get("jeton"), From: httpx.ClientIP(r.Context())}
	receipt, err := s.AskReply(r.Context(), found, live, in)
	switch f := fault.Of(err); {
	case err == nil:
		http.Redirect(w, r, p.To("suivi", receipt), http.StatusSeeOther)
	case f != nil && f.Kind != fault.Limited && f.Kind != fault.Gone:
		form := formData{Token: in.Token, Name: in.Name, Contact: in.Contact, Passages: in.Passages, Text: in.Text}
		p.refuse(&form, f, map[string]string{"name": "reply_name", "contact": "reply_contact", "passages": "reply_about", "text": "reply_text"})
		if f.Key == "journal.form_spent" || f.Key == "journal.form_stale" {
			form.Token = s.newForm("reply\x00" + found.ID)
		}
		s.showReply(w, r, p, found, live, form, http.StatusUnprocessableEntity)
	default:
		s.fail(w, r, p, err)
	}
}

// pageHowTo says how to publish, and takes what outside authors propose where
// the school wants them.
func (s *Service) pageHowTo(w http.ResponseWriter, r *http.Request) {
	if p, ok := s.enterPage(w, r); ok {
		s.showHowTo(w, r, p, formData{Token: s.newForm("piece\x00" + p.Journal.School.ID), Done: r.URL.Query().Get("recu") != ""}, http.StatusOK)
	}
}

func (s *Service) showHowTo(w http.ResponseWriter, r *http.Request, p *page, form formData, status int) {
	p.Title, p.Here = p.titled(form, p.T("how_to")), "howto"
	s.write(w, r, p, "howto", status, form)
}

func (s *Service) sendPiece(w http.ResponseWriter, r *http.Request) {
	p, ok := s.enterPage(w, r)
	if !ok {
		return
	}
	if err := readPosted(w, r); err != nil {
		s.fail(w, r, p, err)
		return
	}
	in := Offered{PenName: r.PostForm.Get("nom"), Title: r.PostForm.Get("titre"), Text: r.PostForm.Get("message"), Trap: r.PostForm.Get("site"), Token: r.PostForm.Get("jeton"), From: httpx.ClientIP(r.Context())}
	err := s.Offer(r.Context(), p.Journal, in)
	switch f := fault.Of(err); {
	case err == nil:
		http.Redirect(w, r, p.To("publier")+"?recu=1", http.StatusSeeOther)
	case f != nil && f.Kind != fault.Limited && f.Kind != fault.Forbidden:
		form := formData{Token: in.Token, Name: in.PenName, Title: in.Title, Text: in.Text}
		p.refuse(&form, f, map[string]string{"penName": "offer_name", "title": "offer_title", "body": "offer_text"})
		if f.Key == "journal.form_spent" || f.Key == "journal.form_stale" {
			form.Token = s.newForm("piece\x00" + p.Journal.School.ID)
		}
		s.showHowTo(w, r, p, form, http.StatusUnprocessableEntity)
	default:
		s.fail(w, r, p, err)
	}
}

// Ext is the ending of a file's name in capitals, for its link.
func (f File) Ext() string {
	if e := path.Ext(f.Name); len(e) > 1 && len(e) < 6 {
		return e[1:]
	}
	return ""
}

// Weight is the size of a file in words: « 240 ko ».
func (p *page) Weight(size int64) string {
	if size >= 1<<20 {
		return p.T("megabytes", "count", strconv.FormatFloat(float64(size)/(1<<20), 'f', 1, 64))
	}
	return p.T("kilobytes", "count", max(size>>10, 1))
}
