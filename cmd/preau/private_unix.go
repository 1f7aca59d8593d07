//go:build unix

package main

import "syscall"

// privateFiles makes every file that this process creates readable by its own
// account alone, whatever the folder it stands in.
func privateFiles() { syscall.Umask(0o077) }
