package main

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
)

// Why no browser is opened where nobody would see it.
var (
	errNoBrowser = errors.New("there is no desktop here")
	errRemote    = errors.New("you are not at this machine; forward the port to yours, with ssh -L and the same number on both sides")
)

// browser opens an address in the browser of whoever sits there. What it starts outlives the command: it may be the browser itself.
func browser(getenv func(string) string) func(context.Context, string) error {
	return func(ctx context.Context, address string) error {
		name, args, err := opener(runtime.GOOS, getenv)
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(context.WithoutCancel(ctx), name, append(args, address)...)
		cmd.SysProcAttr = apart()
		if err := cmd.Start(); err != nil {
			return err
		}
		go func() { _ = cmd.Wait() }() // whether it was any use is seen by who sits there
		return nil
	}
}

// opener is the program that opens an address. It is an error where there is no desktop to open it on.
func opener(system string, getenv func(string) string) (name string, args []string, err error) {
	const handler = "url.dll,FileProtocolHandler"
	switch {
	case getenv("SSH_CONNECTION") != "":
		return "", nil, errRemote
	case system == "darwin":
		return "open", nil, nil
	case system == "windows":
		return "rundll32", []string{handler}, nil
	case getenv("WSL_DISTRO_NAME") != "":
		return "rundll32.exe", []string{handler}, nil // of the Windows around it, where the browser is
	case getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "":
		return "", nil, errNoBrowser
	}
	return "xdg-open", nil, nil
}
