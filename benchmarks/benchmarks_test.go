package main

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// TestMain turns this program into a server if a test started it as one.
func TestMain(m *testing.M) {
	if name := os.Getenv(serverEnv); name != "" {
		exitOn(runServer(name))
		return
	}
	os.Exit(m.Run())
}

func Benchmark(b *testing.B) {
	for _, c := range functionCases() {
		b.Run(c.name, c.bench)
	}
}

// BenchmarkAdversarial rejects forged bodies of the default size limit. It also reports their cost
// as a multiple of the HMAC of as many bytes.
func BenchmarkAdversarial(b *testing.B) {
	cases := forgedGroups()[0].cases()
	limit := cases[0]
	for _, c := range cases[1:] {
		b.Run(c.name, func(b *testing.B) {
			start := cpuTime()
			c.bench(b)
			perOp := float64((cpuTime() - start).Nanoseconds()) / float64(b.N)
			r, err := limit.measure(forgedDuration)
			require.NoError(b, err)
			b.ReportMetric(perOp/r.nanoseconds, "×HMAC")
		})
	}
}

func TestCasesDoWhatTheySay(t *testing.T) {
	for _, c := range functionCases() {
		t.Run(c.name, func(t *testing.T) {
			for range 3 {
				require.NoError(t, c.run())
			}
		})
	}
	for _, g := range forgedGroups() {
		for _, c := range g.cases() {
			require.NoError(t, c.run(), "%s: %s", g, c.name)
		}
	}
}

// Ratios are meaningful only for bodies of equal length, encoded as URLR does.
func TestBodies(t *testing.T) {
	assert.Len(t, body, bodyBytes)
	assert.Len(t, gitHubBody, bodyBytes)
	php, err := core.Canonicalize(nil, body, core.FormPHP)
	require.NoError(t, err)
	assert.Equal(t, string(body), string(php))
}

func TestEveryGoalIsMeasured(t *testing.T) {
	var functions, served []result
	for _, c := range functionCases() {
		functions = append(functions, result{name: c.name, nanoseconds: 1})
	}
	var forged []forgedResult
	for _, g := range forgedGroups() {
		limit := result{name: g.limit(), nanoseconds: 1}
		forged = append(forged, forgedResult{result{name: "any", nanoseconds: 1}, g, limit})
	}
	for _, f := range servedFrameworks {
		for _, v := range variants(f.adapter) {
			served = append(served, result{name: servedName(f.name, v), nanoseconds: 1})
		}
	}
	var report bytes.Buffer
	printGoals(&report, append(append(functions, worstForged(forged)...), served...))
	for _, g := range goals() {
		assert.Contains(t, report.String(), fmt.Sprintf("| %s | ≤ %g ×", g.what, g.most))
	}
}

// TestRun makes a small run, so that CI gets a response from each server and prints each table.
func TestRun(t *testing.T) {
	var report bytes.Buffer
	small := extent{rounds: 1, duration: time.Microsecond, worst: 3, turns: 1, requests: 200}
	require.NoError(t, run(&report, small, []string{"functions", "served"}))
	for _, f := range servedFrameworks {
		assert.Regexp(t, `(?m)^\| `+f.name+` \|( [\d.]+ µs, [\d.]+ × \|){4}$`, report.String())
	}
	assert.Contains(t, report.String(), "| Verify, forged signature |")
	assert.NotContains(t, report.String(), "NaN")
	assert.NotContains(t, report.String(), "Inf")
}

func TestUnknownParts(t *testing.T) {
	assert.ErrorContains(t, run(&bytes.Buffer{}, extent{}, []string{"function"}), `unknown part "function"`)
}

// A server that does not start yields no measurement.
func TestUnknownEndpoint(t *testing.T) {
	_, err := startServer("no such endpoint")
	assert.Error(t, err)
}
