package main

import (
	"flag"
	"fmt"
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

func (c benchCase) bench(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := c.run(); err != nil {
			b.Fatal(err)
		}
	}
}

// A result is the fastest round of a case.
type result struct {
	name        string
	nanoseconds float64
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
			if results[i].nanoseconds > float64(slow) {
				continue
			}
			r, err := c.measure()
			if err != nil {
				return nil, err
			}
			if results[i].name == "" || r.nanoseconds < results[i].nanoseconds {
				results[i] = r
			}
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
	return result{c.name, float64(r.T.Nanoseconds()) / float64(r.N), r.AllocedBytesPerOp(), r.AllocsPerOp()}, nil
}
