// Command benchmarks compares the library with the least any verification must do, with checks
// written by hand, and with other webhook libraries, all in one run. It prints ratios, those with a
// goal first. It runs on Unix.
//
//	go run ./benchmarks [functions] [forged] [served]
//
// It has three parts, and runs all of them unless some are named:
//
//   - functions: the CPU time of a call. Functions are measured in turn over several rounds, and
//     the best round of each counts: noise only ever adds time.
//   - forged: the same for rejecting forged bodies that are designed to be expensive.
//   - served: the CPU time a server takes per request over loopback.
//
// A full run takes less than three minutes on an idle machine.
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
	flag.IntVar(&e.rounds, "rounds", 8, "number of `rounds` in which to measure each function")
	flag.DurationVar(&e.duration, "duration", 20*time.Millisecond, "minimum `time` of each measurement of a function")
	flag.IntVar(&e.worst, "worst", 20, "number of forged `bodies` to print, worst first")
	flag.IntVar(&e.turns, "turns", 100, "number of `turns` each server takes")
	flag.IntVar(&e.requests, "requests", 400, "number of `requests` per turn")
	flag.Parse()
	exitOn(run(os.Stdout, e, flag.Args()))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// An extent says how much to measure and print.
type extent struct {
	rounds          int
	duration        time.Duration
	worst           int
	turns, requests int
}

// run measures the named parts, or all of them, and prints the goals followed by all results.
func run(w io.Writer, e extent, parts []string) error {
	all := []string{"functions", "forged", "served"}
	if len(parts) == 0 {
		parts = all
	}
	for _, part := range parts {
		if !slices.Contains(all, part) {
			return fmt.Errorf("unknown part %q, want functions, forged or served", part)
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
