package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func Benchmark(b *testing.B) {
	for _, c := range allCases() {
		b.Run(c.name, c.bench)
	}
}

func TestCasesDoWhatTheySay(t *testing.T) {
	for _, c := range allCases() {
		t.Run(c.name, func(t *testing.T) {
			for range 3 {
				require.NoError(t, c.run())
			}
		})
	}
}

// Ratios are only worth something on bodies of the same size, and as URLR writes them.
func TestBodies(t *testing.T) {
	assert.Len(t, body, bodyBytes)
	assert.Len(t, gitHubBody, bodyBytes)
	php, err := core.Canonicalize(nil, body, core.FormPHP)
	require.NoError(t, err)
	assert.Equal(t, string(body), string(php))
	for _, l := range largeBodies {
		assert.True(t, json.Valid(l.body), l.name)
		assert.InDelta(t, core.DefaultMaxBodyBytes, len(l.body), 50, l.name)
		assert.LessOrEqual(t, len(l.body), core.DefaultMaxBodyBytes, l.name)
	}
}

func TestEveryGoalIsMeasured(t *testing.T) {
	results := make([]result, 0, 40)
	for _, c := range allCases() {
		results = append(results, result{name: c.name, nanoseconds: 1})
	}
	var report bytes.Buffer
	printGoals(&report, results)
	printAll(&report, results)
	assert.NotContains(t, report.String(), "NaN")
	assert.NotContains(t, report.String(), "Inf")
}
