// Command benchmarks measures the library beside what no verification can beat, beside checks by
// hand and beside other webhook libraries, all in one run, and prints ratios, those that have a
// goal first. It runs on Unix.
//
//	go run ./benchmarks [functions] [forged] [served]
//
// It has three parts, and runs all of them unless some are named:
//
//   - functions: the processor time of a call. Each function is measured in turn, over several rounds,
//     and its best round counts: machines are noisy, and noise only ever adds.
//   - forged: the same for the refusal of bodies that somebody has chosen to be expensive.
//   - served: the processor time of a server for a request over loopback.
//
// A run takes less than three minutes on a machine that has nothing else to do.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

func main() {
	if name := os.Getenv(serverEnv); name != "" {
		exitOn(runServer(name))
		return
	}
	var e extent
	flag.IntVar(&e.rounds, "rounds", 8, "how often each function is measured")
	flag.DurationVar(&e.duration, "duration", 20*time.Millisecond, "minimum time of each measurement of a function")
	flag.IntVar(&e.worst, "worst", 20, "how many of the forged bodies to print, the worst first")
	flag.IntVar(&e.turns, "turns", 100, "how many turns each server takes")
	flag.IntVar(&e.requests, "requests", 400, "how many requests a turn has")
	flag.Parse()
	exitOn(run(os.Stdout, e, flag.Args()))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// An extent is how much is measured and printed.
type extent struct {
	rounds          int
	duration        time.Duration
	worst           int
	turns, requests int
}

// run measures the named parts, or all of them, and prints the goals and then everything.
func run(w io.Writer, e extent, parts []string) error {
	all := []string{"functions", "forged", "served"}
	if len(parts) == 0 {
		parts = all
	}
	for _, part := range parts {
		if !slices.Contains(all, part) {
			return fmt.Errorf("no part %q: use functions, forged, served", part)
		}
	}
	var functions, served []result
	var forged []forgedResult
	var err error
	if slices.Contains(parts, "functions") {
		if functions, err = measure(functionCases(), e.rounds, e.duration); err != nil {
			return err
		}
	}
	if slices.Contains(parts, "forged") {
		if forged, err = measureForged(e.rounds); err != nil {
			return err
		}
	}
	if slices.Contains(parts, "served") {
		if served, err = measureServed(e.turns, e.requests); err != nil {
			return err
		}
	}
	printGoals(w, slices.Concat(functions, worstForged(forged), served))
	printFunctions(w, functions)
	printForged(w, forged[:min(e.worst, len(forged))])
	printServed(w, served)
	return nil
}
