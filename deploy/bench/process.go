//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
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

// peakMemory returns the most bytes that a process has had in memory.
// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
func peakMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, fmt.Errorf("the status of process %d tells no VmHWM", pid)
}
