package assessment

import (
	"database/sql"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
)

// file gives a picture or a sound of a package, by the name that only those get
// who get a question that shows it. It runs nothing.
func (s *Service) file(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("package")
	var school string
	err := s.db.Reader().QueryRowContext(ctx, `SELECT school_id FROM test_package WHERE id = $1`, id).Scan(&school)
	if errors.Is(err, sql.ErrNoRows) {
		err = noPackage()
	}
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	pkg, err := s.open(ctx, school, id)
	if err != nil {
		s.api.WriteError(w, r, err)
		return
	}
	name, ok := pkg.files[r.PathValue("file")]
	kind := mediaType(name)
	if !ok || !shows(kind) {
		s.api.WriteError(w, r, noPackage())
		return
	}
	data, err := fs.ReadFile(pkg.raw.FS, name)
	if err != nil {
		s.api.WriteError(w, r, noPackage())
		return
	}
	writeFile(w, kind, data)
}

// writeFile gives a file of a package, which runs nothing and never changes.
func writeFile(w http.ResponseWriter, kind string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	_, _ = w.Write(data)
}

// mediaType tells a file's type by its name. What a machine does not know of sounds
// is said here.
func mediaType(name string) string {
	known := map[string]string{".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav", ".weba": "audio/webm"}
	if kind := known[path.Ext(name)]; kind != "" {
		return kind
	}
	return mime.TypeByExtension(path.Ext(name))
}

// shows says whether a file is a picture, a sound or a film.
func shows(kind string) bool {
	base, _, err := mime.ParseMediaType(kind)
	return err == nil && slices.Contains([]string{
		"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "audio/mpeg", "audio/ogg", "audio/mp4", "audio/wav", "audio/x-wav", "audio/vnd.wave", "video/mp4", "video/webm", "audio/webm",
	}, base)
}
