// Command permissions proves that the function's role may do exactly what it has to: no less, and no more.
//
// On one side are the calls that the real function makes, noted by a middleware of the SDK (relay/cloud/record.go) while it is taken
// through everything that it can do, and what Lambda and others call in its name (behalf.go). On the other side is what
// template.yaml grants. That the calls are all of them is read from the binary: an operation that it links has to
// have been called.
//
// It proves nothing of the policies of queues, topics and keys.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns 0 when both sides are equal, 1 when they are not or could not be compared, and 2 for wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("permissions", flag.ContinueOnError)
	flags.SetOutput(stderr)
	path := flags.String("template", "", "the template; the project's own if empty")
	if flags.Parse(args) != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "permissions: what is %q? It takes flags only\n", flags.Arg(0))
		return 2
	}
	found, err := prove(ctx, *path, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "permissions:", err)
		return 1
	}
	for _, what := range found {
		fmt.Fprintln(stdout, "WRONG:", what)
	}
	if len(found) > 0 {
		return 1
	}
	fmt.Fprintln(stdout, "the role may do exactly what it has to")
	return 0
}

// prove builds the function, compares for each deployment, and returns what is wrong.
func prove(ctx context.Context, path string, stdout, progress io.Writer) (found []string, err error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return nil, err
	}
	if path == "" {
		path = filepath.Join(root, "template.yaml")
	}
	t, err := readTemplate(path)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "permissions-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what is left lies in the system's temporary folder
	fmt.Fprintln(progress, "building the function that notes its calls")
	binary, err := build(ctx, root, folder)
	if err != nil {
		return nil, err
	}
	linked, err := operationsIn(binary)
	if err != nil {
		return nil, fmt.Errorf("read the function: %w", err)
	}
	var made []call
	for _, d := range deployments {
		fmt.Fprintln(progress, "taking it through everything:", d.name)
		calls, err := exercise(ctx, binary, folder, d, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
		made = append(made, calls...)
		wrong, err := judge(d.name, t.with(d.parameters), calls, stdout)
		if err != nil {
			return nil, fmt.Errorf("%s: read %s: %w", d.name, path, err)
		}
		found = append(found, wrong...)
	}
	return unique(append(found, uncalled(linked, made)...)), nil
}

// judge compares one deployment's calls with what its role grants. An error says what of the template can't be read.
func judge(deployment string, s *stack, calls []call, stdout io.Writer) (wrong []string, err error) {
	needs, unknown := needed(calls, s)
	grants, strange := granted(s)
	if err := s.err(); err != nil {
		return nil, err
	}
	wrong = append(unknown, strange...)
	if grants == nil {
		return wrong, nil
	}
	printTable(stdout, deployment, needs, grants)
	return append(wrong, compare(deployment, needs, grants)...), nil
}

func moduleRoot(ctx context.Context) (string, error) {
	if runtime.GOOS != "linux" {
		return "", errors.New("the function is a Linux binary and runs on Linux only")
	}
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// build makes the function as make bootstrap does, but with its recorder and with its symbols.
func build(ctx context.Context, root, folder string) (binary string, err error) {
	binary = filepath.Join(folder, "bootstrap")
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc,record", "-o", binary, "./cmd/lambda")
	c.Dir = root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
}
