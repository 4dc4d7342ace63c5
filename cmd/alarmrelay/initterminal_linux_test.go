package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/term"
)

// openTerminal returns a terminal and what stands for keyboard and screen. https://man7.org/linux/man-pages/man7/pty.7.html
func openTerminal(t *testing.T) (terminal, keyboard *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	unlock, number := 0, uint32(0)
	for request, to := range map[uintptr]unsafe.Pointer{syscall.TIOCSPTLCK: unsafe.Pointer(&unlock), syscall.TIOCGPTN: unsafe.Pointer(&number)} {
		if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, keyboard.Fd(), request, uintptr(to)); no != 0 {
			t.Fatal(no)
		}
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = keyboard.Close() // ends what reads the terminal
		_ = terminal.Close()
	})
	return terminal, keyboard
}

func stateOf(t *testing.T, terminal *os.File) *term.State {
	t.Helper()
	state, err := term.GetState(int(terminal.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestATerminalShowsWhatIsTypedAgain(t *testing.T) {
	for name, row := range map[string]struct {
		typed string // nothing is an interrupt
		err   error
	}{
		"after a line":       {typed: "hunter2\n"},
		"after an interrupt": {err: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			terminal, keyboard := openTerminal(t)
			before := stateOf(t, terminal)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				for now := before; reflect.DeepEqual(now, before); { // until nothing is shown
					runtime.Gosched()
					if state, err := term.GetState(int(terminal.Fd())); err == nil {
						now = state
					}
				}
				if row.typed == "" {
					cancel()
				} else if _, err := keyboard.WriteString(row.typed); err != nil {
					t.Error(err)
				}
			}()
			text, err := readHidden(ctx, terminal)
			if text+"\n" != row.typed && row.err == nil || !errors.Is(err, row.err) {
				t.Errorf("%d letters, %v", len(text), err)
			}
			if !reflect.DeepEqual(stateOf(t, terminal), before) {
				t.Error("the terminal is not as it was")
			}
		})
	}
}

func TestNoLineIsHiddenWithoutATerminal(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	if _, err := readHidden(t.Context(), file); err == nil {
		t.Error("a line was read")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readHidden(ctx, file); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
