//go:build !unix

package main

// privateFiles has nothing to do where permissions come from the folder.
func privateFiles() {}
