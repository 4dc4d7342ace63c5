package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Options say how a function is started. The zero value is a function of 128 MB with a
// timeout of 30 s whose output is dropped.
type Options struct {
	Env     []string      // NAME=value, beside what Lambda itself sets; nothing of the caller's environment is passed on
	Timeout time.Duration // of one invocation; 0 is 30 s
	Output  io.Writer     // what the function writes to its standard output and error; nil drops it
}

// name and arn are what a function is told of itself; the account is invented.
const (
	name = "relay"
	arn  = "arn:aws:lambda:us-east-1:123456789012:function:" + name
)

// reserved are the variables that Lambda sets, but for the address of the Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func reserved() []string {
	return []string{
		"_HANDLER=bootstrap",
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_LAMBDA_FUNCTION_NAME=" + name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + name,
		"AWS_REGION=us-east-1",
		"LANG=en_US.UTF-8",
		"TZ=:UTC",
	}
}

// Function is a running instance of a function: one process and its [Environment].
type Function struct {
	environment *Environment
	server      *http.Server
	process     *exec.Cmd
	startedAt   time.Time
	exited      chan struct{}
}

// ErrExited is wrapped by the errors of a function whose process has ended.
var ErrExited = errors.New("function's process ended")

// Start runs a function's binary. The end of ctx kills it, and so does [Function.Stop],
// which has to be called in any case.
func Start(ctx context.Context, binary string, o Options) (*Function, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the function: %w", err)
	}
	timeout := o.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	f := &Function{environment: NewEnvironment(arn, timeout), exited: make(chan struct{})}
	f.server = &http.Server{Handler: f.environment, ReadHeaderTimeout: time.Minute}
	go f.server.Serve(listener) //nolint:errcheck // it ends with ErrServerClosed, in Stop

	f.process = exec.CommandContext(ctx, binary)
	f.process.Env = append(reserved(), "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	f.process.Env = append(f.process.Env, o.Env...)
	f.process.Stdout, f.process.Stderr = o.Output, o.Output
	f.startedAt = time.Now()
	if err := f.process.Start(); err != nil {
		_ = f.server.Close() // nobody asks it any more
		return nil, fmt.Errorf("start the function: %w", err)
	}
	go func() {
		_ = f.process.Wait() // ProcessState tells how it ended
		close(f.exited)
	}()
	return f, nil
}

// PID returns the process's id.
func (f *Function) PID() int { return f.process.Process.Pid }

// Ready waits for the function's first request for an event and returns how long
// after its start that came. It returns a [*FunctionError] when the init failed, and one
// that wraps [ErrExited] when the process ended.
func (f *Function) Ready(ctx context.Context) (time.Duration, error) {
	ctx, cancel := f.whileItRuns(ctx)
	defer cancel(nil)
	at, err := f.environment.Ready(ctx)
	if err != nil {
		return 0, orCause(ctx, err)
	}
	return at.Sub(f.startedAt), nil
}

// Invoke is [Environment.Invoke]. After [ErrTimeout] the process is killed, as Lambda
// does. When it ends by itself the error wraps [ErrExited].
func (f *Function) Invoke(ctx context.Context, event []byte) (Answer, error) {
	ctx, cancel := f.whileItRuns(ctx)
	defer cancel(nil)
	answer, err := f.environment.Invoke(ctx, event)
	if errors.Is(err, ErrTimeout) {
		f.Stop()
	}
	return answer, orCause(ctx, err)
}

// whileItRuns returns a context that ends with the process.
func (f *Function) whileItRuns(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-f.exited:
			cancel(fmt.Errorf("%w: %v", ErrExited, f.process.ProcessState))
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// orCause tells why ctx ended where that is what err is about.
func orCause(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) {
		return context.Cause(ctx)
	}
	return err
}

// Kill ends the process at once, as SIGKILL does, and does not wait until it is gone.
func (f *Function) Kill() {
	// The only error is that it has ended already.
	_ = f.process.Process.Kill()
}

// PeakMemory returns the most bytes that the process has had in memory, while it
// runs; only Linux tells.
// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
func (f *Function) PeakMemory() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.PID()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("the status of process %d tells no VmHWM", f.PID())
}

// Stop kills the process and waits until it is gone. Once is enough; more do no harm.
func (f *Function) Stop() {
	f.Kill()
	<-f.exited
	_ = f.server.Close()
}
