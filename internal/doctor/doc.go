// Package doctor looks at a machine and at an installation and says, check by
// check, what it saw and how to mend what is wrong. It changes nothing, asks
// nothing of any foreign server, and may run beside a serving Préau or before
// the first start.
package doctor
