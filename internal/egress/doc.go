// Package egress is the one way out: every connection that Préau itself opens
// goes through its Dialer, which refuses, and logs, each destination that the
// operator did not list. The names of listed hosts are still asked of the
// machine's own resolver; a proxy named in the environment is never used.
package egress
