package main

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// A benchCase is a function to measure. It returns an error if it did not do what its name says.
type benchCase struct {
	name string
	run  func() error
}

func functionCases() []benchCase {
	cases := coreCases()
	cases = append(cases, frameworkCases()...)
	return append(cases, peerCases()...)
}

func (c benchCase) bench(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := c.run(); err != nil {
			b.Fatal(err)
		}
	}
}

// A result is the best round of a case.
type result struct {
	name        string
	nanoseconds float64 // CPU time per call
	bytes       int64
	allocs      int64
}

// measure measures the cases in turn, so that a slow moment of the machine affects them all. Per
// round, a case takes at least duration and at most about four times as long.
func measure(cases []benchCase, rounds int, duration time.Duration) ([]result, error) {
	results := make([]result, len(cases))
	for range rounds {
		for i, c := range cases {
			r, err := c.measure(duration)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if results[i].name == "" || r.nanoseconds < results[i].nanoseconds {
				results[i] = r
			}
		}
	}
	return results, nil
}

// measure doubles the number of calls until they take at least duration.
func (c benchCase) measure(duration time.Duration) (result, error) {
	for n := 1; ; n *= 2 {
		before, start := memory(), cpuTime()
		for range n {
			if err := c.run(); err != nil {
				return result{}, err
			}
		}
		spent, after := cpuTime()-start, memory()
		if spent >= duration {
			return result{
				name:        c.name,
				nanoseconds: float64(spent.Nanoseconds()) / float64(n),
				bytes:       int64(after.TotalAlloc-before.TotalAlloc) / int64(n),
				allocs:      int64(after.Mallocs-before.Mallocs) / int64(n),
			}, nil
		}
	}
}

// cpuTime returns the CPU time of this process, garbage collection included. Unlike wall time, it
// does not grow while other processes run.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func memory() (stats runtime.MemStats) {
	runtime.ReadMemStats(&stats)
	return stats
}
