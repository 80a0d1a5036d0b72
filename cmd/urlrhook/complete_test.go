package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// The completion scripts of all shells call the program like this.
func TestCompletion(t *testing.T) {
	program, database := binary(t), filepath.Join(t.TempDir(), "deliveries.db")
	s, err := store.Open(database, 100)
	require.NoError(t, err)
	for _, d := range []store.Delivery{
		{Verdict: store.Authentic, Form: "raw", Code: "yBPhx", Country: "FR"},
		{Verdict: store.Refused, Code: "\x1b[2J\n3:$(rm)"},
	} {
		d.Received = time.Now()
		require.NoError(t, s.Add(t.Context(), &d))
	}
	require.NoError(t, s.Close())

	for words, want := range map[string]string{
		"list --verdict":                        "authentic\nrefused\nunchecked\n",
		"list --verdict=re":                     "--verdict=authentic\n--verdict=refused\n--verdict=unchecked\n",
		"list --status":                         "2xx\n3xx\n4xx\n5xx\nnone\nfailed\nreplayed\naccepted\n",
		"send --to 3000 --generation":           "2023-10\n2024-10\n2026-01\n2026-05\n",
		"show --db " + database:                 "2:refused ␛[2J↵3:$(rm)\n1:authentic (raw) yBPhx FR\n",
		"replay --to 3000 --db " + database:     "2:refused ␛[2J↵3:$(rm)\n1:authentic (raw) yBPhx FR\n",
		"replay --db " + database + " --to":     "",
		"show --db":                             "",
		"show --db no-such-file":                "",
		"--ver":                                 "--version:Print the version.\n",
		"list --cou":                            "--country:List only clicks from this COUNTRY, like FR.\n",
		"list --db " + database + " --limit 10": "",
	} {
		command := exec.Command(program, append(strings.Fields(words), "--generate-shell-completion")...)
		command.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir())
		output, err := command.CombinedOutput()
		require.NoError(t, err, "%s: %s", words, output)
		assert.Equal(t, want, string(output), words)
	}
}
