package docs

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/freeport"
)

func TestReadmeIsShort(t *testing.T) {
	words := strings.Fields(read(t, filepath.Join(root, "README.md")).text)
	assert.LessOrEqual(t, len(words), 900, "words, code and tables included")
}

// TestReadmeStart runs the commands in the section Start, next to a clone.
func TestReadmeStart(t *testing.T) {
	for _, tool := range []string{"sh", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	address := freeport.Addr(t)
	languages, texts := "", []string(nil)
	for _, b := range sectionBlocks(t, "Start") {
		languages += b.language + " "
		texts = append(texts, strings.ReplaceAll(b.text, "localhost:8080", address))
	}
	require.Equal(t, "sh go sh sh ", languages)
	create, program, run, send := texts[0], texts[1], texts[2], texts[3]

	dir := besideClone(t)
	app := filepath.Join(dir, "clicks")
	shell(t, dir, create)
	require.NoError(t, os.WriteFile(filepath.Join(app, "main.go"), []byte(program), 0o600))
	// go run would start a second process, which the test could not end.
	built := strings.Replace(run, "go run .", "go build -o app .", 1)
	require.NotEqual(t, run, built)
	shell(t, app, built)

	printed := startApp(t, app)
	require.Eventually(t, func() bool { return isListening(address) }, 10*time.Second, 10*time.Millisecond)
	assert.Contains(t, shell(t, app, send), "204 No Content")
	assert.Contains(t, printed(), "yBPhx FR 2026-05-28 20:26:40 +0000 UTC")
}

// TestReadmeOtherFrameworks runs the command in that section, next to a clone, and builds its first
// snippet.
func TestReadmeOtherFrameworks(t *testing.T) {
	start := sectionBlocks(t, "Start")
	blocks := sectionBlocks(t, "Other frameworks")
	require.Equal(t, "sh", blocks[0].language)
	require.Contains(t, blocks[1].text, "ginurlr.")

	dir := besideClone(t)
	app := filepath.Join(dir, "clicks")
	shell(t, dir, start[0].text)
	shell(t, app, blocks[0].text)
	require.NoError(t, os.WriteFile(filepath.Join(app, "gin.go"), []byte(source(t, blocks[1])), 0o600))
	shell(t, app, "go mod tidy\ngo build .")
}

// besideClone returns a new folder that contains this repository.
func besideClone(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	clone, err := filepath.Abs(root)
	require.NoError(t, err)
	require.NoError(t, os.Symlink(clone, filepath.Join(dir, "webhooks-go")))
	return dir
}

// sectionBlocks returns the blocks of a section of the README.
func sectionBlocks(t *testing.T, title string) []block {
	t.Helper()
	_, section, found := strings.Cut(read(t, filepath.Join(root, "README.md")).text, "\n## "+title+"\n")
	require.True(t, found, title)
	section, _, _ = strings.Cut(section, "\n## ")
	return document{"README.md", section}.blocks(t)
}

func shell(t *testing.T, dir, script string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)
	return string(out)
}

// startApp starts the program in a folder. The function that it returns stops it and returns what
// it printed.
func startApp(t *testing.T, dir string) (printed func() string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "app"))
	cmd.Env = append(os.Environ(), "URLR_WEBHOOK_SECRET=secret")
	out, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return func() string {
		assert.NoError(t, cmd.Process.Kill())
		text, err := io.ReadAll(out)
		assert.NoError(t, err)
		assert.Error(t, cmd.Wait(), "it has ended by itself")
		return string(text)
	}
}

func isListening(address string) bool {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}
