package check_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/check"
)

// buildInside builds testdata/adapters as if it were a package in an adapter's module: urlrhook's
// own module does not require the framework.
func buildInside(t *testing.T, adapter string) (program string) {
	t.Helper()
	root, err := filepath.Abs("../../../..")
	require.NoError(t, err)
	folder := filepath.Join(root, adapter, "checked")
	replace := map[string]string{}
	for _, name := range []string{"shared.go", adapter + ".go"} {
		source, err := filepath.Abs(filepath.Join("testdata", "adapters", name))
		require.NoError(t, err)
		replace[filepath.Join(folder, name)] = source
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	content, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, content, 0o600))
	program = filepath.Join(t.TempDir(), "receiver")
	command := exec.Command("go", "build", "-overlay", overlay, "-o", program, "./checked")
	command.Dir = filepath.Join(root, adapter)
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	return program
}

var adapters = []string{"nethttpurlr", "ginurlr", "echourlr", "echov5urlr", "fiberurlr", "fiberv3urlr"}

// A receiver with an adapter of this repository passes every check, and counts clicks correctly.
func TestAdaptersPass(t *testing.T) {
	for _, adapter := range adapters {
		program := buildInside(t, adapter) // one by one: a busy compiler would slow the answers down
		t.Run(adapter, func(t *testing.T) {
			t.Parallel() // a check waits most of its time
			receiver, count := startReceiver(t, program)
			checked := run(t, receiver, count)
			for _, r := range checked.results {
				assert.Contains(t, []check.Outcome{check.Pass, check.Info}, r.Outcome, "%s: %s", r.Name, r.Got)
			}
			assert.Equal(t, 1, *checked.named("retry").Counted)
			assert.Equal(t, 2, *checked.named("twins").Counted)
			assert.Empty(t, checked.conclusions)
		})
	}
}

// startReceiver runs a program of testdata/adapters and returns its URL and that of its count.
func startReceiver(t *testing.T, program string) (receiver, count string) {
	t.Helper()
	command := exec.Command(program)
	command.Env = append(os.Environ(), "URLR_WEBHOOK_SECRET="+secret)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	addresses := strings.Fields(line)
	require.Len(t, addresses, 2)
	return addresses[0], addresses[1]
}
