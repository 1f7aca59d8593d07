// Package text is the text of a piece of the journal: the editor's JSON, read
// strictly, and written as HTML, as plain text and as Markdown.
//
// Parse refuses what it does not know: a node, a mark, an attribute, a depth or
// a length. What it lets through can be written as HTML in which nothing runs:
// every text and attribute is escaped, links lead to http, https or mailto, and
// pictures are files of the journal, by their id.
package text
