package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/urlrtest"
)

// binaries is the folder of the program that all tests share.
var binaries string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "urlrhook")
	if err != nil {
		panic(err)
	}
	binaries = folder
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

var buildOnce = sync.OnceValue(func() error { return buildTo(binaries, ".") })

// binary returns the path of urlrhook, which is built once for all tests.
func binary(t *testing.T) (program string) {
	t.Helper()
	require.NoError(t, buildOnce())
	return filepath.Join(binaries, "program")
}

// build builds the program in a folder.
func build(t *testing.T, folder string) (program string) {
	t.Helper()
	to := t.TempDir()
	require.NoError(t, buildTo(to, folder))
	return filepath.Join(to, "program")
}

func buildTo(to, folder string) error {
	command := exec.Command("go", "build", "-o", filepath.Join(to, "program"), ".")
	command.Dir, command.Stderr = folder, os.Stderr
	return command.Run()
}

// listenArgs run listen on free ports.
func listenArgs(more ...string) []string {
	return append([]string{"listen", "--addr", "127.0.0.1:0", "--page", "127.0.0.1:0"}, more...)
}

// A slowApplication answers with 200 once it is released. It says when a request is there.
type slowApplication struct {
	*httptest.Server
	arrived chan bool
	release func()
}

func newSlowApplication(t *testing.T) *slowApplication {
	t.Helper()
	released := make(chan struct{})
	a := &slowApplication{arrived: make(chan bool), release: sync.OnceFunc(func() { close(released) })}
	a.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		a.arrived <- true
		<-released
	}))
	t.Cleanup(func() {
		a.release()
		a.Close()
	})
	return a
}

// post sends a request and returns the status of its answer.
func post(t *testing.T, r *http.Request) int {
	t.Helper()
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

func deliver(t *testing.T, url, secret string, body []byte) {
	t.Helper()
	post(t, urlrtest.NewRequestWithBody(url, secret, body))
}

// assertFits asserts that no line is wider than a terminal.
func assertFits(t *testing.T, text string, columns int) {
	t.Helper()
	for line := range strings.Lines(text) {
		assert.LessOrEqual(t, uniseg.StringWidth(strings.TrimRight(line, "\n")), columns, line)
	}
}
