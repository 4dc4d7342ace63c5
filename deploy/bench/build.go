//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// binaries are the functions that are measured, built alike.
type binaries struct {
	folder string
	relay  string // for this machine
	arm64  string // the relay as it is shipped
	hello  string
	fixed  string
}

// likeTheRelay are the flags of make bootstrap.
var likeTheRelay = []string{"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid="}

// build makes the relay with make bootstrap and the functions beside it. The binaries are
// copied, so that nobody changes them while they are measured.
func build(ctx context.Context) (*binaries, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("find the module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	folder, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	at := func(name string) string { return filepath.Join(folder, name) }
	b := &binaries{folder: folder, relay: at("relay"), arm64: at("arm64"), hello: at("hello"), fixed: at("fixed")}
	err = errors.Join(
		bootstrap(ctx, root, runtime.GOARCH, b.relay),
		bootstrap(ctx, root, "arm64", b.arm64),
		command(ctx, root, "go", append(likeTheRelay, "-o", b.hello, "./deploy/bench/hello")...),
		command(ctx, root, "go", append(likeTheRelay, "-o", b.fixed, "./deploy/bench/fixed")...),
	)
	if err != nil {
		b.remove()
		return nil, err
	}
	return b, nil
}

// remove leaves nothing behind. What cannot be removed lies in the system's temporary folder.
func (b *binaries) remove() { _ = os.RemoveAll(b.folder) }

func bootstrap(ctx context.Context, root, arch, to string) error {
	if err := command(ctx, root, "make", "bootstrap", "ARCH="+arch); err != nil {
		return err
	}
	made, err := os.ReadFile(filepath.Join(root, "build", arch, "bootstrap"))
	if err != nil {
		return err
	}
	return os.WriteFile(to, made, 0o755)
}

func command(ctx context.Context, folder, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = folder
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, args[0], err, out)
	}
	return nil
}

// sizeRows measures what is uploaded to Lambda.
func sizeRows(_ context.Context, b *binaries) ([]Row, error) {
	binary, err := os.ReadFile(b.arm64)
	if err != nil {
		return nil, err
	}
	packed, err := zipped("bootstrap", binary)
	if err != nil {
		return nil, fmt.Errorf("pack the function: %w", err)
	}
	return []Row{{
		Promise: "zip of the arm64 function", Measured: float64(len(packed)) / 1e6, Limit: 5, Unit: "MB", Steady: true,
		Detail: fmt.Sprintf("%d bytes; unpacked %d", len(packed), len(binary)),
	}}, nil
}

// zipped returns an archive of one file, packed as tightly as zip can.
func zipped(name string, data []byte) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	file, err := archive.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	err = archive.Close()
	return out.Bytes(), err
}
