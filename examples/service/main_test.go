package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

var folders = secrets{"6a2f7c70": {"new", "old"}, "other": {"others"}}

// serveTest runs the service on a free port. stop shuts it down and returns the error of serve.
func serveTest(t *testing.T, record core.HandlerFunc) (url string, stop func() error) {
	t.Helper()
	return serveLogging(t, slog.New(slog.DiscardHandler), record)
}

func serveLogging(t *testing.T, logger *slog.Logger, record core.HandlerFunc) (url string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, logger, listener, folders, record) }()
	stopped := false
	stop = func() error { stopped = true; cancel(); return <-done }
	t.Cleanup(func() {
		if !stopped {
			assert.NoError(t, stop())
		}
	})
	return "http://" + listener.Addr().String(), stop
}

func TestSecretsPerFolder(t *testing.T) {
	var recorded exampletest.Recorder
	url, _ := serveTest(t, recorded.Record)
	inFolder := func(id string) string { return strings.Replace(exampletest.Body, "6a2f7c70", id, 1) }
	for _, test := range []struct {
		folder, secret string
		status         int
	}{
		{"6a2f7c70", "new", http.StatusNoContent},
		{"6a2f7c70", "old", http.StatusNoContent},
		{"6a2f7c70", "older", http.StatusUnauthorized},
		{"6a2f7c70", "others", http.StatusUnauthorized},
		{"other", "others", http.StatusNoContent},
		{"unknown", "new", http.StatusUnauthorized},
		{"unknown", "", http.StatusUnauthorized},
	} {
		response := exampletest.Send(t, url, test.secret, inFolder(test.folder))
		assert.Equal(t, test.status, response.Status, "%+v", test)
	}
	assert.Len(t, recorded.Codes(), 3)
}

func TestFailingWork(t *testing.T) {
	for name, record := range map[string]core.HandlerFunc{
		"error": func(context.Context, *core.Event) error { return errors.New("database is down") },
		"panic": func(context.Context, *core.Event) error { panic("bug") },
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serveTest(t, record)
			for range 2 {
				response := exampletest.Send(t, url, "new", exampletest.Body)
				assert.Equal(t, http.StatusInternalServerError, response.Status)
			}
		})
	}
}

func TestFullQueue(t *testing.T) {
	entered, leave := make(chan bool), make(chan bool)
	url, _ := serveTest(t, func(context.Context, *core.Event) error {
		entered <- true
		<-leave
		return nil
	})
	const accepted, tooMany = workers + queueSize, 20
	responses := make(chan exampletest.Response, accepted+tooMany)
	send := func(n int) {
		for range n {
			go func() { responses <- exampletest.Send(t, url, "new", exampletest.Body) }()
		}
	}
	send(workers)
	for range workers { // all are busy before the queue fills
		<-entered
	}
	send(queueSize + tooMany)
	for range tooMany {
		refused := <-responses
		assert.Equal(t, http.StatusServiceUnavailable, refused.Status)
		assert.NotEmpty(t, refused.Header.Get("Retry-After"))
	}
	close(leave)
	for range queueSize {
		<-entered
	}
	for range accepted {
		assert.Equal(t, http.StatusNoContent, (<-responses).Status)
	}
}

func TestGracefulShutdown(t *testing.T) {
	entered, leave := make(chan bool), make(chan bool)
	shuttingDown := make(lines, 10)
	logger := slog.New(slog.NewTextHandler(shuttingDown, nil))
	url, stop := serveLogging(t, logger, func(context.Context, *core.Event) error {
		entered <- true
		<-leave
		return nil
	})
	answered := make(chan int, 1)
	go func() { answered <- exampletest.Send(t, url, "new", exampletest.Body).Status }()
	<-entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	assert.Contains(t, <-shuttingDown, "shutting down")
	close(leave)
	assert.Equal(t, http.StatusNoContent, <-answered, "deliveries in progress are answered")
	assert.NoError(t, <-stopped)
}

// lines receives what is logged.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestStart(t *testing.T) {
	write := func(content string) string {
		file := filepath.Join(t.TempDir(), "secrets.json")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		return file
	}
	for name, test := range map[string]struct{ file, want string }{
		"no file":      {"", "-secrets"},
		"missing file": {filepath.Join(t.TempDir(), "none.json"), "none.json"},
		"not JSON":     {write("whsec"), "want {"},
		"other shape":  {write(`{"folder":"secret"}`), "want {"},
		"no folders":   {write(`{}`), "no folders"},
	} {
		err := start(t.Context(), slog.New(slog.DiscardHandler), "127.0.0.1:0", test.file)
		assert.ErrorContains(t, err, test.want, name)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var log bytes.Buffer
	err := start(ctx, slog.New(slog.NewJSONHandler(&log, nil)), "127.0.0.1:0", write(`{"folder":["s3cr3t"]}`))
	require.NoError(t, err)
	assert.Contains(t, log.String(), `"msg":"listening"`)
	assert.NotContains(t, log.String(), "s3cr3t")
}
