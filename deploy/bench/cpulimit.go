//go:build linux

package main

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	// share128MB is what a function of 128 MB has of a processor; 1,769 MB have a whole one.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
	share128MB = 128.0 / 1769
	// period is how often a function gets its share anew.
	period = 20 * time.Millisecond
	// look is how often the use of CPU is compared with the share.
	look = 100 * time.Microsecond
)

// cpuLimit keeps a process to a share of one processor as Lambda does: it runs freely until
// it has used up its share of a period and stands still for the rest of it.
type cpuLimit struct {
	pid    int
	quota  time.Duration
	lifted chan struct{}
	gone   sync.WaitGroup
}

// limitCPU limits a process until lift is called.
func limitCPU(pid int, share float64) (*cpuLimit, error) {
	used, err := cpuTime(pid)
	if err != nil {
		return nil, err
	}
	l := &cpuLimit{pid: pid, quota: time.Duration(share * float64(period)), lifted: make(chan struct{})}
	l.gone.Go(func() { l.enforce(used) })
	return l, nil
}

// settle waits a few periods and an accidental part of one.
func (l *cpuLimit) settle() { time.Sleep(3*period + rand.N(period)) }

// lift lets the process run again.
func (l *cpuLimit) lift() {
	close(l.lifted)
	l.gone.Wait()
}

// enforce ends when the limit is lifted or the process is gone.
func (l *cpuLimit) enforce(used time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer l.signal(syscall.SIGCONT)
	allowed := used
	for {
		// What was used beyond the last share counts; what was left of it does not.
		allowed = min(allowed, used) + l.quota
		end := time.Now().Add(period)
		for running := false; time.Now().Before(end); pause(look) {
			select {
			case <-l.lifted:
				return
			default:
			}
			var err error
			if used, err = cpuTime(l.pid); err != nil {
				return
			}
			if should := used < allowed; should && !running {
				running = true
				l.signal(syscall.SIGCONT)
			} else if !should {
				l.signal(syscall.SIGSTOP)
				pause(time.Until(end))
			}
		}
	}
}

// signal has no effect on a process that is gone.
func (l *cpuLimit) signal(s syscall.Signal) { _ = syscall.Kill(l.pid, s) }

// pause sleeps as precisely as the kernel can; Go's own timers round up to milliseconds.
func pause(d time.Duration) {
	if d > 0 {
		wait := syscall.NsecToTimespec(int64(d))
		_ = syscall.Nanosleep(&wait, nil) // cut short by a signal it is called again soon
	}
}
