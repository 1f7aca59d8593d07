package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
)

type bom struct {
	Schema       string       `json:"$schema"`
	BOMFormat    string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	PURL     string    `json:"purl,omitempty"`
	Hashes   []hash    `json:"hashes,omitempty"`
	Licenses []licence `json:"licenses,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

// licence is a single identifier or an expression, never both (CycloneDX 1.6,
// licenseChoice).
type licence struct {
	License    *licenceID `json:"license,omitempty"`
	Expression string     `json:"expression,omitempty"`
}

type licenceID struct {
	ID string `json:"id"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// sbom writes a CycloneDX 1.6 document. It holds no date and its serial number
// comes from its content, so that the same parts give the same bytes.
func sbom(version string, parts []part) ([]byte, error) {
	self := component{Type: "application", Ref: "preau", Name: "preau", Version: version, Licenses: licences("EUPL-1.2")}
	doc := bom{Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", BOMFormat: "CycloneDX", SpecVersion: "1.6", Version: 1, Metadata: metadata{Component: self}, Components: []component{}}
	root := dependency{Ref: self.Ref}
	for _, p := range parts {
		c := component{Type: "library", Ref: p.PURL, Name: p.Name, Version: p.Version, PURL: p.PURL, Licenses: licences(p.Licence)}
		if p.Hash != "" {
			c.Hashes = []hash{{"SHA-512", p.Hash}}
		}
		doc.Components = append(doc.Components, c)
		root.DependsOn = append(root.DependsOn, c.Ref)
	}
	doc.Dependencies = []dependency{root}
	content, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	doc.SerialNumber = serial(sha256.Sum256(content))
	out, err := json.MarshalIndent(doc, "", "  ")
	return append(out, '\n'), err
}

func licences(expression string) []licence {
	if strings.Contains(expression, " ") {
		return []licence{{Expression: expression}}
	}
	return []licence{{License: &licenceID{expression}}}
}

// serial makes a version 8 UUID (RFC 9562 5.8) out of a digest.
func serial(sum [32]byte) string {
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
