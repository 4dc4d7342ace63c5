package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// stackName is what `alarmrelay init` calls a stack unless it is told otherwise.
const stackName = "alarmrelay"

// desk is where the user sits: a clean checkout of the project, sam, and the command.
type desk struct {
	checkout string
	command  string // path of the built command
	sam      string // path of sam
	env      []string
	said     io.Writer // what the programs print goes there, too
}

// newDesk makes the tools that are missing, copies the project as git knows it, and builds the command from the copy.
func newDesk(ctx context.Context, folder string, said io.Writer) (*desk, error) {
	root, err := projectRoot(ctx)
	if err != nil {
		return nil, err
	}
	d := &desk{checkout: filepath.Join(folder, "checkout"), command: filepath.Join(folder, "alarmrelay"), said: said, env: os.Environ()}
	bin, err := tool(ctx, "sam")
	if err != nil {
		return nil, err
	}
	d.sam = filepath.Join(bin, "sam")
	if _, err := tool(ctx, "ministack"); err != nil {
		return nil, err
	}
	if err := checkOut(ctx, root, d.checkout); err != nil {
		return nil, fmt.Errorf("copy the project: %w", err)
	}
	_, err = d.do(ctx, "", "go", "build", "-o", d.command, "./cmd/alarmrelay")
	return d, err
}

// settle makes the desk's programs see this AWS and this chat alone. What they read of a home is the caller's own only
// for Go's caches.
func (t *town) settle() {
	t.env = append(own(os.Environ()),
		"AWS_ACCESS_KEY_ID="+accountID, "AWS_SECRET_ACCESS_KEY=made-up", "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region,
		"AWS_ENDPOINT_URL="+t.front.URL, "AWS_CA_BUNDLE="+t.root, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1", "SAM_CLI_TELEMETRY=0", "SAM_CLI_POLL_DELAY=0.5", "__SAM_CLI_APP_DIR="+filepath.Join(filepath.Dir(t.checkout), "sam"),
	)
}

// own returns an environment without what leads to an account, a webhook or a configuration of the caller's.
func own(environment []string) (kept []string) {
	for _, v := range environment {
		name, _, _ := strings.Cut(v, "=")
		prefix, _, _ := strings.Cut(name, "_")
		switch {
		case prefix == "AWS", prefix == "ALARMRELAY", prefix == "SAM", name == "DISCORD_WEBHOOK", name == "SLACK_WEBHOOK":
		default:
			kept = append(kept, v)
		}
	}
	return kept
}

// alarmrelay runs the command, which trusts the chat's certificate and goes out through its gate.
func (t *town) alarmrelay(ctx context.Context, args ...string) (string, error) {
	return t.typing(ctx, "", args...)
}

// typing is [town.alarmrelay] for a command that reads what somebody types.
func (t *town) typing(ctx context.Context, typed string, args ...string) (string, error) {
	return t.with("SSL_CERT_FILE="+t.root, "HTTPS_PROXY="+t.gate.server.URL).do(ctx, typed, t.command, args...)
}

// with returns the desk with more in the environment.
func (d *desk) with(env ...string) *desk {
	other := *d
	other.env = append(append([]string(nil), d.env...), env...)
	return &other
}

// do runs a program in the checkout, with typed as its input, and returns what it prints. The error holds that, too.
func (d *desk) do(ctx context.Context, typed, program string, args ...string) (string, error) {
	var out bytes.Buffer
	both := io.MultiWriter(&out, d.said)
	run := exec.CommandContext(ctx, program, args...)
	run.Dir, run.Env, run.Stdin, run.Stdout, run.Stderr = d.checkout, d.env, strings.NewReader(typed), both, both
	// A group of its own: what sam starts ends with it.
	run.SysProcAttr, run.WaitDelay = &syscall.SysProcAttr{Setpgid: true}, 5*time.Second
	run.Cancel = func() error { return syscall.Kill(-run.Process.Pid, syscall.SIGTERM) }
	fmt.Fprintf(d.said, "$ %s %s\n", filepath.Base(program), strings.Join(args, " "))
	if err := run.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w; it printed:\n%s", filepath.Base(program), strings.Join(args, " "), err, tail(out.String(), 40))
	}
	return out.String(), nil
}

// tool returns the folder of a pinned tool's programs, which deploy/e2e/tools makes if it is missing.
func tool(ctx context.Context, name string) (string, error) {
	root, err := projectRoot(ctx)
	if err != nil {
		return "", err
	}
	made := exec.CommandContext(ctx, filepath.Join(root, "deploy", "e2e", "tools"), name)
	made.Stderr = os.Stderr
	out, err := made.Output()
	if err != nil {
		return "", fmt.Errorf("deploy/e2e/tools %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

func projectRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// checkOut copies what git tracks, and what it would track, as it stands in the work tree.
func checkOut(ctx context.Context, from, to string) error {
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = from
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("git ls-files: %w", err)
	}
	for name := range strings.SplitSeq(strings.Trim(string(out), "\x00"), "\x00") {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies a file with its mode. One that is in git's index and nowhere else was deleted: it is left out.
func copyFile(from, to string) error {
	info, err := os.Lstat(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil || info.Mode()&fs.ModeType != 0 {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, info.Mode().Perm())
}
