//go:build linux

package main

import (
	"cmp"
	"slices"
	"time"
)

// median returns the middle one, or the lower of the two in the middle.
func median[T cmp.Ordered](of []T) T {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)/2]
}

const (
	samples    = 11
	sampleTime = 20 * time.Millisecond
)

// timed returns the median time of each of the functions. They take turns, so
// that what disturbs the machine disturbs all of them.
func timed(functions ...func()) []time.Duration {
	repeat := make([]int, len(functions))
	for i, f := range functions {
		repeat[i] = 1
		for took(f, repeat[i]) < sampleTime {
			repeat[i] *= 2
		}
	}
	taken := make([][]time.Duration, len(functions))
	for range samples {
		for i, f := range functions {
			taken[i] = append(taken[i], took(f, repeat[i])/time.Duration(repeat[i]))
		}
	}
	medians := make([]time.Duration, len(functions))
	for i := range taken {
		medians[i] = median(taken[i])
	}
	return medians
}

func took(f func(), times int) time.Duration {
	began := time.Now()
	for range times {
		f()
	}
	return time.Since(began)
}

func in(unit, d time.Duration) float64 { return float64(d) / float64(unit) }
