//go:build linux

package main

import (
	"fmt"
	"syscall"
	"time"
	"unsafe"
)

// cpuTime returns the CPU time that a process has used, in user and kernel
// mode and in all threads, to the nanosecond: /proc counts in hundredths of a second.
func cpuTime(pid int) (time.Duration, error) {
	const cpuClockSched = 2 // clock_getcpuclockid(3) makes the same number
	clock := uintptr(^pid<<3 | cpuClockSched)
	var at syscall.Timespec
	if _, _, failed := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&at)), 0); failed != 0 {
		return 0, fmt.Errorf("read the CPU time of the function: %w", failed)
	}
	return time.Duration(at.Nano()), nil
}
