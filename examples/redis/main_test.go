package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// startInstance runs the program on a free port and returns its URL. The program ends with the
// test, or with stop, which stops it as a service manager would.
func startInstance(t *testing.T, program, redisAddr string) (url string, stop func()) {
	t.Helper()
	process := exec.Command(program, "-addr", "127.0.0.1:0", "-redis", redisAddr)
	process.Env = append(os.Environ(), "URLR_WEBHOOK_SECRET="+exampletest.Secret)
	stdout, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		if process.ProcessState == nil { // still running
			_ = process.Process.Kill()
			_ = process.Wait() // killed above
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	return "http://" + strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), func() {
		require.NoError(t, process.Process.Signal(syscall.SIGTERM))
		require.NoError(t, process.Wait())
	}
}

func build(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "receiver")
	output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(output))
	return program
}

// A delivery whose response was lost is retried at the other instance.
func TestTwoInstances(t *testing.T) {
	redisServer := redistest.Start(t)
	program := build(t)
	held := startHolding(t, redisServer.Addr, "hincrby")
	one, stopOne := startInstance(t, program, held.addr)
	two, _ := startInstance(t, program, redisServer.Addr)
	click := &core.Event{Type: core.EventLinkClicked, Link: core.Link{Code: "yBPhx"}}

	ctx, hangUp := context.WithCancel(t.Context())
	lost := make(chan error)
	go func() {
		r := urlrtest.NewRequest(one+exampletest.Path, exampletest.Secret, click)
		_, err := new(http.Transport).RoundTrip(r.WithContext(ctx)) //nolint:bodyclose // there is no response
		lost <- err
	}()
	<-held.command // the click is counted, but the receiver does not know yet
	hangUp()
	require.Error(t, <-lost)
	close(held.release)
	require.JSONEq(t, `{"yBPhx": "1"}`, get(t, two+"/counts"))

	sender := urlrtest.Sender{
		URL: two + exampletest.Path, Secret: exampletest.Secret,
		Retry: urlrtest.Retry{Attempts: 100, FirstInterval: 20 * time.Millisecond, Factor: 1},
	}
	retried := sender.Send(t.Context(), click)
	assert.True(t, retried.Acknowledged())
	assert.JSONEq(t, `{"yBPhx": "1"}`, get(t, two+"/counts"), "a retry")
	twin := sender.Send(t.Context(), click)
	assert.True(t, twin.Acknowledged())
	assert.JSONEq(t, `{"yBPhx": "2"}`, get(t, two+"/counts"), "a twin")

	redisServer.Kill(t)
	assert.Equal(t, http.StatusServiceUnavailable,
		exampletest.Send(t, one, exampletest.Secret, exampletest.Body).Status)
	redisServer.Restart(t)
	assert.Equal(t, http.StatusNoContent, exampletest.Send(t, two, exampletest.Secret, exampletest.Body).Status)
	assert.JSONEq(t, `{"yBPhx": "3"}`, get(t, one+"/counts"))

	stopOne()
	_, err := http.Get(one) //nolint:bodyclose // there is no response
	assert.Error(t, err)
	assert.JSONEq(t, `{"yBPhx": "3"}`, get(t, two+"/counts"))
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}
