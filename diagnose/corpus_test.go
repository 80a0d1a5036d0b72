package diagnose_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
)

// A corpusCase is a body from URLR that an encoder of another language has changed.
type corpusCase struct {
	Name   string `json:"name"`
	Base   string `json:"base"`   // what URLR sends
	Body   []byte `json:"body"`   // what was received
	Signed []byte `json:"signed"` // what was signed, unless it is the base
	Want   string `json:"want"`   // the cause, or else the suspicion, "" for none

	signature string
	secret    string
}

// corpus returns the output of the scripts in testdata/corpus, and bodies as Go's own encoders
// write them. After changing a script, regenerate its output:
//
//	cd testdata/corpus && php bases.php && php corpus.php > php.jsonl
//	node corpus.js > node.jsonl && python3 corpus.py > python.jsonl
func corpus(t testing.TB) []corpusCase {
	t.Helper()
	bases := map[string]string{}
	text, err := os.ReadFile("testdata/corpus/bases.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &bases))
	files, err := filepath.Glob("testdata/corpus/*.jsonl")
	require.NoError(t, err)
	cases := slices.Concat(byGo(t, bases), bySigners(t, bases))
	for _, file := range files {
		cases = append(cases, readCases(t, file)...)
	}
	for i, c := range cases {
		if c.Signed == nil {
			cases[i].Signed = []byte(bases[c.Base])
		}
	}
	return cases
}

func readCases(t testing.TB, file string) []corpusCase {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var cases []corpusCase
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c corpusCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		cases = append(cases, c)
	}
	return cases
}

func (c *corpusCase) explain() diagnose.Report {
	signature, configured := c.signature, c.secret
	if signature == "" {
		signature = core.Sign(secret, c.Signed)
	}
	if configured == "" {
		configured = secret
	}
	return diagnose.Explain(c.Body, signature, configured)
}

// TestCorpus explains mismatches caused by real encoders.
func TestCorpus(t *testing.T) {
	cases := corpus(t)
	assert.GreaterOrEqual(t, len(cases), 160)
	var neither []string
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			r := c.explain()
			assert.False(t, r.Authentic)
			got := string(r.Cause)
			if r.Cause == diagnose.Unknown {
				got = string(r.Suspicion)
			}
			assert.Equal(t, c.Want, got, r.Found)
			if r.Signed != nil {
				assert.Equal(t, string(c.Signed), string(r.Signed))
			}
			if got == "" {
				neither = append(neither, c.Name)
			}
		})
	}
	assert.LessOrEqual(t, len(neither), 15, neither)
}
