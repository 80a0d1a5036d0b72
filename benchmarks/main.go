// Command benchmarks measures the library beside what no verification can beat, beside checks by hand and beside other webhook
// libraries, all in one run, and prints ratios.
//
//	go run ./benchmarks
//
// The functions are measured in turn, over several rounds, and the fastest round of each counts: machines are noisy, and noise
// only ever adds. A run takes about 90 seconds.
package main

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 12, "how often each function is measured")
	duration := flag.Duration("duration", 150*time.Millisecond, "how long each measurement takes")
	testing.Init()
	flag.Parse()
	if err := flag.Set("test.benchtime", duration.String()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	results, err := measure(allCases(), *rounds)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	printGoals(os.Stdout, results)
	printAll(os.Stdout, results)
}
