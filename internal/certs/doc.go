// Package certs gives the server its certificates, in the mode that the
// operator chose, with the plain-HTTP handler that must stand beside them:
//
//   - files: a pair of PEM files, read again when they change;
//   - acme: obtained and renewed from the authority whose directory the
//     operator named, with no OCSP and no request to anybody else;
//   - local: issued by an authority that Préau makes itself, for a school with
//     only a private network, with a page that explains how to trust it;
//   - off and proxy: none.
package certs
