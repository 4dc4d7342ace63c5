package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTheBrowserOutlivesTheCommand starts a program that says in which group of processes it is (the fifth field of its stat), and waits to be ended.
func TestTheBrowserOutlivesTheCommand(t *testing.T) {
	folder := t.TempDir()
	said, end := filepath.Join(folder, "said"), filepath.Join(folder, "end")
	for _, pipe := range []string{said, end} {
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const script = "#!/bin/sh\necho \"$1\" $$ $(cut -d ' ' -f 5 /proc/$$/stat) > \"${0%/*}/said\"\nread x < \"${0%/*}/end\"\necho ended > \"${0%/*}/said\"\n"
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	const address = "http://127.0.0.1:8900"
	if err := browser(func(name string) string { return map[string]string{"DISPLAY": ":0"}[name] })(ctx, address); err != nil {
		t.Fatal(err)
	}
	line, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(line))
	if len(words) != 3 || words[0] != address || words[1] != words[2] {
		t.Errorf("asked for %q: address, process, group", words)
	}
	cancel()
	if err := os.WriteFile(end, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if line, err := os.ReadFile(said); err != nil || string(line) != "ended\n" {
		t.Errorf("once the command has ended: %q, %v", line, err)
	}
}
