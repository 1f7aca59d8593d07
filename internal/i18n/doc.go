// Package i18n holds the one catalogue of texts, French first and English
// second, that server pages, error messages and the web client share: a flat
// JSON file per language and domain under catalogue/. The client imports the
// same files.
package i18n
