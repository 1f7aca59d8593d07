// Package sheet writes rows as the files that spreadsheets open: CSV as French
// ones expect it, and OpenDocument. No cell is ever a formula.
package sheet
