// Command benchmarks measures the library beside what no verification can beat, beside checks by hand and beside other webhook
// libraries, all in one run, and prints ratios.
//
//	go run ./benchmarks [functions] [adversarial]
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
	testing.Init()
	if err := flag.Set("test.benchtime", (3*time.Millisecond).String()); err != nil {
		panic(err)
	}
	t := time.Now()
	forged, err := measureForged(3)
	if err != nil {
		panic(err)
	}
	printForged(os.Stdout, forged)
	fmt.Println(time.Since(t))
}
