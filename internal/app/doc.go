// Package app puts the house together: configuration, store, domains, HTTP. It
// is the only package that knows all the others.
package app
