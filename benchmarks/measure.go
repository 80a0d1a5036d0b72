package main

import (
	"fmt"
	"testing"
	"time"
)

// A benchCase is one function to measure. It returns an error if it did not do what its name says.
type benchCase struct {
	name string
	run  func() error
}

func allCases() []benchCase {
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

// slow is what needs no second measurement: noise does not matter.
const slow = 20 * time.Millisecond

// measure takes the cases in turn, so that a slow minute of the machine meets them all.
func measure(cases []benchCase, rounds int) ([]result, error) {
	results := make([]result, len(cases))
	for range rounds {
		for i, c := range cases {
			if results[i].nanoseconds > float64(slow) {
				continue
			}
			if err := c.run(); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			r := testing.Benchmark(c.bench)
			if r.N == 0 {
				return nil, fmt.Errorf("%s failed", c.name)
			}
			nanoseconds := float64(r.T.Nanoseconds()) / float64(r.N)
			if results[i].name == "" || nanoseconds < results[i].nanoseconds {
				results[i] = result{c.name, nanoseconds, r.AllocedBytesPerOp(), r.AllocsPerOp()}
			}
		}
	}
	return results, nil
}
