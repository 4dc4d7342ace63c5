//go:build !linux

// Command bench measures the function, which runs on Linux only.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: the function is a Linux binary and is measured on Linux; go test -bench . works everywhere")
	os.Exit(1)
}
