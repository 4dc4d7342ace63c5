package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"alarmrelay/events"
)

// stage is what every case needs: the emulator and the functions.
type stage struct {
	folder    string
	emulator  string            // path of AWS's emulator
	functions map[string]string // paths by architecture
}

// prepare makes the tools and builds the functions. They are copied, so that nobody changes them while they run.
func prepare(ctx context.Context, chosen []string, progress io.Writer) (*stage, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.New("the function is a Linux binary and runs on Linux only")
	}
	root, err := output(ctx, ".", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, fmt.Errorf("find the module: %w", err)
	}
	folder, err := os.MkdirTemp("", "rie-")
	if err != nil {
		return nil, err
	}
	s := &stage{folder: folder, functions: map[string]string{}}
	fmt.Fprintln(progress, "looking for the emulator in the SAM CLI; the first time that is installed")
	s.emulator, err = findEmulator(ctx, root)
	for _, arch := range chosen {
		if err == nil {
			fmt.Fprintln(progress, "building the function for", arch)
			s.functions[arch], err = s.build(ctx, root, arch)
		}
	}
	if err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// remove leaves nothing behind. What cannot be removed lies in the system's temporary folder.
func (s *stage) remove() { _ = os.RemoveAll(s.folder) }

// findEmulator returns the emulator for this machine, which lies in the SAM CLI's wheel for `sam local`.
func findEmulator(ctx context.Context, root string) (string, error) {
	bin, err := output(ctx, root, "deploy/e2e/tools", "sam")
	if err != nil {
		return "", fmt.Errorf("make the SAM CLI: %w", err)
	}
	name := map[string]string{"amd64": "aws-lambda-rie-x86_64", "arm64": "aws-lambda-rie-arm64"}[runtime.GOARCH]
	pattern := filepath.Join(filepath.Dir(bin), "lib", "python3*", "site-packages", "samcli", "local", "rapid", name)
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("the SAM CLI has no emulator for this machine at %s", pattern)
	}
	return found[0], nil
}

// build returns what the emulator starts: the function, or a script that starts it under qemu where the processor is another.
func (s *stage) build(ctx context.Context, root, arch string) (path string, err error) {
	if _, err := output(ctx, root, "make", "bootstrap", "ARCH="+arch); err != nil {
		return "", err
	}
	made, err := os.ReadFile(filepath.Join(root, "build", arch, "bootstrap"))
	if err != nil {
		return "", err
	}
	path = filepath.Join(s.folder, arch)
	if err := os.WriteFile(path, made, 0o755); err != nil || arch == runtime.GOARCH {
		return path, err
	}
	qemu, err := output(ctx, root, "deploy/e2e/rie/qemu", arch)
	if err != nil {
		return "", fmt.Errorf("find a qemu for %s: %w", arch, err)
	}
	script := path + "-under-qemu"
	return script, os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\nexec %s %s\n", qemu, path), 0o755)
}

// output runs a command and returns what it prints; the error has what it said.
func output(ctx context.Context, folder, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = folder
	out, err := c.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, out, failed.Stderr)
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}

// some are the samples for a processor that has to be emulated, which takes half a second each.
var some = []string{
	"eventbridge-alarm-metric", "hostile-alarm-markup", "lambda-alarm-tags", "logs-control-message", "logs-lambda-errors",
	"sns-alarm-korean-name", "sns-budgets-actual", "sqs-alarm-storm", "sqs-mixed-batch",
}

func (s *stage) samplesOf(arch string) []string {
	if arch == runtime.GOARCH {
		return events.Names()
	}
	return some
}
