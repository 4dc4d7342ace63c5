package main

import (
	"runtime"
	"runtime/debug"
	"strconv"
)

// oneCPU is the memory, in MB, at which Lambda gives a function a whole CPU.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const oneCPU = 1769

// collectSeldom lets garbage pile up further than Go does by itself: an
// invocation makes some hundred KB, and a collection in the middle of the first
// alarm takes more CPU than the alarm. Batches stay within three eighths of the memory.
func collectSeldom(getenv func(string) string) {
	debug.SetGCPercent(400)
	if size := memory(getenv); size > 0 {
		debug.SetMemoryLimit(int64(size) << 20 * 3 / 8)
	}
}

// useOneThread ends the waking of threads that have no CPU to run on. Init
// before it has two.
func useOneThread(getenv func(string) string) {
	if size := memory(getenv); size > 0 && size < oneCPU {
		runtime.GOMAXPROCS(1)
	}
}

// memory is the function's size in MB, 0 outside of Lambda.
func memory(getenv func(string) string) int {
	size, _ := strconv.Atoi(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")) // 0 for what is no number
	return size
}
