package mapping

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Build makes the function with make bootstrap and returns where it lies.
func Build(ctx context.Context) (binary string, err error) {
	if runtime.GOOS != "linux" {
		return "", errors.New("the function is a Linux binary and runs on Linux only; -virtual runs everywhere")
	}
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	made := exec.CommandContext(ctx, "make", "bootstrap", "ARCH="+runtime.GOARCH)
	made.Dir = root
	if said, err := made.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make bootstrap: %w\n%s", err, said)
	}
	return filepath.Join(root, "build", runtime.GOARCH, "bootstrap"), nil
}
