// Package identity knows who calls: schools and territories, staff and their
// roles, passkeys, passwords, recovery codes, sessions and invitations. It
// owns the gate, through which every route of the server is registered with
// the access it grants: the authorisation table. Default is no.
package identity
