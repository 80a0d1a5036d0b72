//go:build linux

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

// Deliveries can be read on a full disk.
func TestFullDisk(t *testing.T) {
	program, closed := binary(t), filepath.Join(t.TempDir(), "closed.db")
	s, err := store.Open(closed, 100)
	require.NoError(t, err)
	d := store.Delivery{Received: time.Now(), Verdict: store.Authentic, Code: "yBPhx", Body: []byte("body"), Length: 4}
	require.NoError(t, s.Add(t.Context(), &d))

	killed := filepath.Join(t.TempDir(), "killed.db") // its deliveries are in the log
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(closed + suffix)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(killed+suffix, content, 0o600))
	}
	require.NoError(t, s.Close())

	for _, database := range []string{closed, killed} {
		urlrhook := func(args ...string) string {
			// A limit of file sizes is the nearest to a full disk without being root.
			script := `trap "" XFSZ; ulimit -f 0; exec "$@" | cat`
			command := exec.Command("bash", append([]string{"-c", script, "bash", program}, args...)...)
			output, err := command.CombinedOutput()
			require.NoError(t, err)
			return string(output)
		}
		assert.Contains(t, urlrhook("list", "--db", database), "yBPhx")
		assert.Equal(t, "body", urlrhook("show", "--db", database, "--body", "1"))
		assert.Contains(t, urlrhook("replay", "--db", database, "--to", "1", "1"), "it may be full")
	}
}

// Output that a full disk has lost is an error, except that of listen, which keeps deliveries.
func TestOutputToAFullDisk(t *testing.T) {
	program, database := binary(t), filepath.Join(t.TempDir(), "deliveries.db")
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	l := startWith(t, full, program, listenArgs("--db", database)...)
	exists := func() bool { _, err := os.Stat(database); return err == nil }
	require.Eventually(t, exists, 20*time.Second, 5*time.Millisecond)

	for _, args := range []string{
		"sign " + writeFile(t, "body"), "list --db " + database, "version", "help", "sign --help",
	} {
		command := exec.Command(program, strings.Fields(args)...)
		command.Env = append(os.Environ(), secretEnv+"="+testSecret)
		command.Stdout = full
		var said strings.Builder
		command.Stderr = &said
		err := command.Run()
		assert.Error(t, err, args)
		assert.Equal(t, 2, command.ProcessState.ExitCode(), args)
		assert.Contains(t, said.String(), "no space left", args)
	}
	require.NoError(t, l.stop())
}
