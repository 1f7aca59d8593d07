package app

import (
	"io/fs"
	"net/http"

	"preau/internal/fault"
	"preau/internal/httpx"
	"preau/internal/identity"
)

// clientPages are the addresses that the web client answers.
func clientPages() []string {
	return []string{
		"/{$}", "/p", "/eleve", "/eleve/seance/{school}/{lesson}", "/invite",
		"/seances", "/seances/verifier", "/seances/{lesson}", "/seance/{school}/{lesson}",
		"/evaluations", "/evaluations/banque", "/evaluations/nouvelle", "/evaluations/composer", "/evaluations/fichiers", "/evaluations/fichiers/{file}",
		"/evaluations/questions", "/evaluations/questions/nouvelle", "/evaluations/questions/nouvelle/{kind}", "/evaluations/questions/{question}", "/evaluations/{campaign}", "/evaluations/{campaign}/{group}", "/eleve/evaluation",
		"/connexion", "/installation", "/invitation", "/compte",
		"/aujourdhui", "/groupes", "/groupes/importer", "/groupes/{id}", "/groupes/{id}/fiches",
		"/redaction", "/redaction/{section}", "/redaction/article/{piece}", "/redaction/article/{piece}/ecrire",
		"/eleve/redaction", "/eleve/redaction/{section}", "/eleve/redaction/article/{piece}", "/eleve/redaction/article/{piece}/ecrire",
		"/noms", "/etablissement", "/etablissement/{section}", "/donnees", "/confidentialite",
	}
}

// pages registers the web client: its addresses, its files, and the page that
// says that an address does not exist.
func pages(g *identity.Gate, dist fs.FS) error {
	client, err := httpx.NewClient(dist)
	if err != nil {
		return err
	}
	for _, page := range clientPages() {
		g.Handle("GET "+page, identity.Same(), client.Page(http.StatusOK))
	}
	entries, err := fs.ReadDir(dist, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name[0] == '.' || name == "index.html":
		case e.IsDir():
			g.Handle("GET /"+name+"/", identity.Same(), client.Files())
		default:
			g.Handle("GET /"+name, identity.Same(), client.Files())
		}
	}
	missing := client.Page(http.StatusNotFound)
	g.Handle("/", identity.Same(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			missing.ServeHTTP(w, r)
			return
		}
		g.API().WriteError(w, r, fault.New(fault.NotFound, "http.no_route"))
	}))
	return nil
}
