package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// runVirtually has the test TestFaults do the work: virtual time is to be had in tests only.
func runVirtually(ctx context.Context, o options, progress io.Writer) (report, error) {
	folder, err := os.MkdirTemp("", "faults-")
	if err != nil {
		return report{}, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what is left lies in the system's temporary folder
	to := filepath.Join(folder, "report.json")
	test := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=0", "-run=^TestFaults$", "./deploy/faults",
		"-args", fmt.Sprintf("-alarms=%d", o.alarms), fmt.Sprintf("-seed=%d", o.seed), fmt.Sprintf("-instances=%d", o.instances), "-trace="+o.trace, "-report="+to)
	said, failure := test.CombinedOutput()
	text, err := os.ReadFile(to)
	if err != nil {
		return report{}, fmt.Errorf("%w\n%s", errors.Join(failure, err), said)
	}
	var out report
	if err := json.Unmarshal(text, &out); err != nil {
		return report{}, err
	}
	return out, nil
}
