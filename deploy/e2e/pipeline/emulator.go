package main

import (
	"bytes"
	"context"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed emulator.py
var emulatorProgram []byte

// emulator is ministack, with what emulator.py adds, behind TLS: the template's queues and buckets may refuse
// plain HTTP. The function runs as its child and inherits its environment.
type emulator struct {
	process *exec.Cmd
	exited  chan struct{}
	front   *httptest.Server
	log     string // path of what it says
	behind  string // path of how many seconds its CloudWatch's clock is behind
}

func startEmulator(ctx context.Context, folder string, c *chat) (*emulator, error) {
	bin, err := tool(ctx, "ministack")
	if err != nil {
		return nil, err
	}
	program := filepath.Join(folder, "emulator.py")
	if err := os.WriteFile(program, emulatorProgram, 0o600); err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "aws")
	if err := os.Mkdir(data, 0o700); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	e := &emulator{exited: make(chan struct{}), log: filepath.Join(folder, "aws.log"), behind: filepath.Join(folder, "behind")}
	if err := e.setBehind(0); err != nil {
		return nil, err
	}
	e.openFront(port, c.certificate)
	e.process = exec.Command(filepath.Join(bin, "python"), program) //nolint:noctx // it is asked to stop, in close
	e.process.Dir = data
	e.process.Env = e.environment(port, data, c)
	if err := e.start(); err != nil {
		e.front.Close()
		return nil, err
	}
	return e, e.ready(ctx, port)
}

// environment is the emulator's, and with it the function's: nothing of ours is in it.
func (e *emulator) environment(port int, data string, c *chat) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + data, "TMPDIR=" + data, "PYTHONDONTWRITEBYTECODE=1",
		"BIND_HOST=127.0.0.1", "MINISTACK_HOST=127.0.0.1", "GATEWAY_PORT=" + strconv.Itoa(port), "IOT_MTLS_ENABLED=0",
		"MINISTACK_ACCOUNT_ID=" + accountID, "MINISTACK_REGION=" + region,
		"AUTH=true",                           // policies count: the role's, the topic's, the queues'
		"LAMBDA_ASYNC_RETRY_BASE_SECONDS=0.2", // AWS waits a minute or two
		"CLOUDWATCH_BEHIND=" + e.behind,
		"AWS_ENDPOINT_URL=" + e.front.URL, "SSL_CERT_FILE=" + c.root, "HTTPS_PROXY=" + c.gate.server.URL,
	}
}

// setBehind has CloudWatch's clock be behind: what happens there from now on happened that long ago.
func (e *emulator) setBehind(by time.Duration) error {
	// Renamed, so that CloudWatch never reads half of it.
	written := e.behind + ".new"
	if err := os.WriteFile(written, []byte(strconv.Itoa(int(by.Seconds()))), 0o600); err != nil {
		return err
	}
	return os.Rename(written, e.behind)
}

// openFront puts the emulator behind TLS.
func (e *emulator) openFront(port int, certificate tls.Certificate) {
	to := &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	quiet := log.New(io.Discard, "", 0) // whoever gave up has its own error
	e.front = httptest.NewUnstartedServer(&httputil.ReverseProxy{
		ErrorLog: quiet,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		},
	})
	e.front.Config.ErrorLog = quiet
	e.front.EnableHTTP2, e.front.TLS = true, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	e.front.StartTLS()
}

func (e *emulator) start() error {
	file, err := os.Create(e.log)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // the process has it, too
	e.process.Stdout, e.process.Stderr = file, file
	e.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its functions end with it
	if err := e.process.Start(); err != nil {
		return fmt.Errorf("start ministack: %w", err)
	}
	go func() {
		_ = e.process.Wait() // its log says why it ended
		close(e.exited)
	}()
	return nil
}

func (e *emulator) ready(ctx context.Context, port int) error {
	err := poll(ctx, func() (bool, error) {
		select {
		case <-e.exited:
			return false, errors.New("it ended")
		default:
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/_ministack/health", port), nil)
		if err != nil {
			return false, err
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return false, nil // not there yet
		}
		_ = answer.Body.Close() // its status is all that counts
		return answer.StatusCode == http.StatusOK, nil
	})
	if err != nil {
		e.close()
		return fmt.Errorf("start ministack: %w; it said:\n%s", err, e.lastWords(30))
	}
	return nil
}

// close asks the emulator to stop, which ends its functions, and kills who is still there after some seconds.
func (e *emulator) close() {
	_ = e.process.Process.Signal(syscall.SIGTERM) // who is gone already can't be asked
	select {
	case <-e.exited:
	case <-time.After(5 * time.Second):
	}
	_ = syscall.Kill(-e.process.Process.Pid, syscall.SIGKILL)
	<-e.exited
	e.front.CloseClientConnections()
	e.front.Close()
}

// freePort returns a port of loopback that nobody listens on: ministack has to be told one.
func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a port: %w", err)
	}
	defer listener.Close() //nolint:errcheck // nobody has connected
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// lastWords are the last lines of the emulator's log, without the banner where it got that far.
func (e *emulator) lastWords(lines int) string {
	said, err := os.ReadFile(e.log)
	if err != nil {
		return err.Error()
	}
	_, sinceStart, started := strings.Cut(string(said), "[hypercorn.error] Running on ")
	if !started {
		sinceStart = string(said)
	}
	return tail(sinceStart, lines)
}

// tail returns the last lines of a text.
func tail(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// leaks returns how many of some secrets stand in the emulator's log.
func (e *emulator) leaks(secrets []string) (n int, err error) {
	said, err := os.ReadFile(e.log)
	for _, s := range secrets {
		if bytes.Contains(said, []byte(s)) {
			n++
		}
	}
	return n, err
}
