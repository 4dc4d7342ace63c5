package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"syscall"
	"time"

	"alarmrelay/deploy/runtimeapi"
)

const (
	// startTimeout is how long the emulator may take until it listens.
	startTimeout = 20 * time.Second
	// stopTimeout is how long it has for ending the function, before it is killed. The function then ends by itself: nobody
	// answers its request for work.
	stopTimeout = 5 * time.Second
	// poll is how often a port is tried.
	poll = 2 * time.Millisecond
)

// errNoAnswer means that the function ended without an answer: it refused to start, or it was ended.
var errNoAnswer = errors.New("the function ended without an answer")

// emulator is AWS's Runtime Interface Emulator, which runs one instance of a function. It starts that with the first event.
type emulator struct {
	process *exec.Cmd
	address string
	log     bytes.Buffer // of the emulator and the function; to be read when it is stopped
	exited  chan struct{}
}

// start runs an emulator. The end of ctx ends it, and so does stop, which has to be called in any case.
func (s *stage) start(ctx context.Context, arch string, env []string) (*emulator, error) {
	// The emulator takes no port 0: another program may take a free one before it does.
	for try := 1; ; try++ {
		e, err := s.startOnce(ctx, arch, env)
		if err == nil {
			err = e.ready(ctx)
		}
		if err == nil {
			return e, nil
		}
		if e != nil {
			e.stop()
			err = fmt.Errorf("%w\n%s", err, e.log.Bytes())
		}
		if try == 3 || ctx.Err() != nil {
			return nil, fmt.Errorf("start the emulator: %w", err)
		}
	}
}

func (s *stage) startOnce(ctx context.Context, arch string, env []string) (*emulator, error) {
	own, runtimeAPI, err := twoPorts(ctx)
	if err != nil {
		return nil, err
	}
	e := &emulator{address: own, exited: make(chan struct{})}
	e.process = exec.CommandContext(ctx, s.emulator, "--runtime-interface-emulator-address", own,
		"--runtime-api-address", runtimeAPI, "--log-level", "error", s.functions[arch])
	e.process.Env = env
	e.process.Dir = s.folder
	e.process.Stdout, e.process.Stderr = &e.log, &e.log
	e.process.Cancel = func() error { return e.process.Process.Signal(syscall.SIGTERM) }
	e.process.WaitDelay = stopTimeout
	if err := e.process.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = e.process.Wait() // it was told to end, or ready says that it did
		close(e.exited)
	}()
	return e, nil
}

// twoPorts returns two addresses on loopback at which nobody listens.
func twoPorts(ctx context.Context) (one, two string, err error) {
	var addresses [2]string
	for i := range addresses {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer listener.Close() //nolint:errcheck // it is for the number only
		addresses[i] = listener.Addr().String()
	}
	return addresses[0], addresses[1], nil
}

// ready returns when the emulator listens.
func (e *emulator) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", e.address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not listen: %w", ctx.Err())
		case <-e.exited:
			return fmt.Errorf("it ended: %v", e.process.ProcessState)
		case <-time.After(poll):
		}
	}
}

// invoke hands an event to the function and returns its answer. An error that the function returned is a
// [*runtimeapi.FunctionError]; the emulator reports it with status 200, as the Invoke API does:
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (e *emulator) invoke(ctx context.Context, event []byte) (runtimeapi.Answer, error) {
	began := time.Now()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.address+"/2015-03-31/functions/function/invocations", bytes.NewReader(event))
	if err != nil {
		return runtimeapi.Answer{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return runtimeapi.Answer{}, fmt.Errorf("ask the emulator: %w", err)
	}
	defer response.Body.Close()
	payload, err := io.ReadAll(response.Body)
	if err != nil {
		return runtimeapi.Answer{}, fmt.Errorf("read the emulator's answer: %w", err)
	}
	answer := runtimeapi.Answer{Payload: payload, Took: time.Since(began)}
	switch response.StatusCode {
	case http.StatusOK:
		return answer, functionError(payload)
	case http.StatusBadGateway:
		return answer, errNoAnswer
	}
	return answer, fmt.Errorf("the emulator answers %s: %s", response.Status, payload)
}

// functionError is what an answer says went wrong, or nil.
func functionError(payload []byte) error {
	var said runtimeapi.FunctionError
	if json.Unmarshal(payload, &said) != nil || said.Type == "" && said.Message == "" {
		return nil
	}
	return &said
}

// stop ends the emulator, which ends the function, and waits until it is gone. Once is enough; more do no harm.
func (e *emulator) stop() {
	// The only error is that it has ended already.
	_ = e.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-e.exited:
	case <-time.After(stopTimeout):
		_ = e.process.Process.Kill()
		<-e.exited
	}
}
