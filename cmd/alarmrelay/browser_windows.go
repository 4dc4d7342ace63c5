package main

import "syscall"

// apart keeps a Ctrl-C in the terminal from a program that is started: it is meant for us.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
