// Package identitytest tries a whole house against its authorisation table:
// every route, every role over every scope, one's own school and another.
package identitytest
