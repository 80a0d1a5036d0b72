package main

import (
	"flag"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// A benchCase is one function to measure. It returns an error if it did not do what its name says.
type benchCase struct {
	name string
	run  func() error
}

func functionCases() []benchCase {
	cases := coreCases()
	cases = append(cases, frameworkCases()...)
	return append(cases, peerCases()...)
}

func (c benchCase) bench(b *testing.B) { c.benchCPU(b) }

// benchCPU also reports and returns the CPU time in nanoseconds. It tells more than the clock where
// other processes want the processor too, and has the whole of garbage collection in it.
func (c benchCase) benchCPU(b *testing.B) float64 {
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		if err := c.run(); err != nil {
			b.Fatal(err)
		}
	}
	perOp := float64((cpuTime() - start).Nanoseconds()) / float64(b.N)
	b.ReportMetric(perOp, cpuMetric)
	return perOp
}

const cpuMetric = "cpu-ns/op"

// cpuTime returns the user and system time of this process.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it has no reason to fail
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// A result is the fastest round of a case, and the one that took the least CPU time.
type result struct {
	name        string
	nanoseconds float64
	cpu         float64 // in nanoseconds
	bytes       int64
	allocs      int64
}

// slow is how long a call takes that is not measured again: it is far from any goal, whatever the
// noise.
const slow = 20 * time.Millisecond

// measure takes the cases in turn, so that a slow minute of the machine meets them all. Each takes
// about duration in each round.
func measure(cases []benchCase, rounds int, duration time.Duration) ([]result, error) {
	if err := flag.Set("test.benchtime", duration.String()); err != nil {
		return nil, err
	}
	results := make([]result, len(cases))
	for range rounds {
		for i, c := range cases {
			if results[i].cpu > float64(slow) {
				continue
			}
			r, err := c.measure()
			if err != nil {
				return nil, err
			}
			if results[i].name != "" {
				r.nanoseconds = min(r.nanoseconds, results[i].nanoseconds)
				r.cpu = min(r.cpu, results[i].cpu)
			}
			results[i] = r
		}
	}
	return results, nil
}

func (c benchCase) measure() (result, error) {
	if err := c.run(); err != nil {
		return result{}, fmt.Errorf("%s: %w", c.name, err)
	}
	r := testing.Benchmark(c.bench)
	if r.N == 0 {
		return result{}, fmt.Errorf("%s failed", c.name)
	}
	nanoseconds := float64(r.T.Nanoseconds()) / float64(r.N)
	return result{c.name, nanoseconds, r.Extra[cpuMetric], r.AllocedBytesPerOp(), r.AllocsPerOp()}, nil
}
