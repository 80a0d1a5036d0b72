package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A process is a program that runs until the test ends.
type process struct {
	*exec.Cmd
	t *testing.T

	mu     sync.Mutex
	output strings.Builder
	ended  chan struct{}
	err    error // once ended
}

func start(t *testing.T, program string, args ...string) *process {
	t.Helper()
	return startWith(t, nil, program, args...)
}

// startWith starts a process with its own standard output, unless that is nil.
func startWith(t *testing.T, stdout io.Writer, program string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(program, args...), t: t, ended: make(chan struct{})}
	p.Env = append(os.Environ(), secretEnv+"="+testSecret)
	out, in, err := os.Pipe()
	require.NoError(t, err)
	p.Stdout, p.Stderr = in, in
	if stdout != nil {
		p.Stdout = stdout
	}
	require.NoError(t, p.Start())
	require.NoError(t, in.Close())
	read := make(chan bool)
	go func() {
		defer close(read)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			p.mu.Lock()
			fmt.Fprintln(&p.output, lines.Text())
			p.mu.Unlock()
		}
	}()
	go func() {
		defer close(p.ended)
		<-read
		p.err = p.Wait()
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill() // if it still runs
		<-p.ended
		assert.NotContains(t, p.said(), testSecret)
	})
	return p
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// waitFor waits until the process has printed a prefix, and returns the rest of that line.
func (p *process) waitFor(prefix string) (rest string) {
	p.t.Helper()
	require.Eventually(p.t, func() (found bool) {
		_, after, found := strings.Cut(p.said(), prefix)
		rest, _, _ = strings.Cut(after, "\n")
		return found
	}, 20*time.Second, 5*time.Millisecond, prefix)
	return strings.TrimSpace(rest)
}

// waitForCount waits until the process has printed a text n times. What it printed before it answered
// can still be on its way here.
func (p *process) waitForCount(n int, text string) {
	p.t.Helper()
	isThere := func() bool { return strings.Count(p.said(), text) >= n }
	require.Eventually(p.t, isThere, 20*time.Second, 5*time.Millisecond, text)
	assert.Equal(p.t, n, strings.Count(p.said(), text), text)
}

// stop ends the process as Ctrl-C does.
func (p *process) stop() error {
	p.t.Helper()
	require.NoError(p.t, p.Process.Signal(syscall.SIGINT))
	<-p.ended
	return p.err
}

// A listening is a running urlrhook listen.
type listening struct {
	*process
	url, page string
}

func startListen(t *testing.T, program, database string, args ...string) *listening {
	t.Helper()
	l := &listening{process: start(t, program, listenArgs(append([]string{"--db", database}, args...)...)...)}
	l.url, l.page = l.waitFor("Receiving at"), l.waitFor("Page at")
	l.waitFor("Keeping in")
	return l
}

// startExample starts examples/service, and returns the URL of its webhooks.
func startExample(t *testing.T, program string) (p *process, url string) {
	t.Helper()
	secrets := filepath.Join(t.TempDir(), "secrets.json")
	content, err := json.Marshal(map[string][]string{urlrtest.NewEvent().Link.FolderID: {testSecret}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(secrets, content, 0o600))
	p = start(t, program, "-addr", "127.0.0.1:0", "-secrets", secrets)
	address, _, _ := strings.Cut(p.waitFor(`"msg":"listening","address":"`), `"`)
	return p, "http://" + address + "/webhooks/urlr"
}

// A user's first day: deliveries reach the application through listen, one fails and is replayed.
func TestEndToEnd(t *testing.T) {
	program, example := binary(t), build(t, "../../examples/service")
	database := filepath.Join(t.TempDir(), "deliveries.db")
	application, url := startExample(t, example)
	l := startListen(t, program, database, "--forward", url)

	urlrhook := func(want int, args ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), program, args...)
		command.Env = append(os.Environ(), secretEnv+"="+testSecret)
		output, err := command.CombinedOutput()
		assert.Equal(t, want, command.ProcessState.ExitCode(), "%v: %v: %s", args, err, output)
		assert.NotContains(t, string(output), testSecret)
		return string(output)
	}
	urlrhook(0, "send", "--to", l.url, "--count", "20", "--code", "first")
	application.waitForCount(20, `"link":"first"`)
	urlrhook(0, "send", "--to", l.url, "--forge")
	require.NoError(t, application.stop())
	urlrhook(1, "send", "--to", l.url, "--code", "second", "--attempts", "2", "--first-interval", "1ms")
	assert.Contains(t, urlrhook(0, "list", "--db", database, "--status", "none"), "connection refused")
	assert.Contains(t, urlrhook(0, "show", "--db", database, "21"), "Cause: unknown")

	application, url = startExample(t, example)
	urlrhook(1, "replay", "--db", database, "--failed", "--to", url)
	application.waitForCount(2, `"link":"second"`) // two attempts of one delivery
	urlrhook(0, "replay", "--db", database, "--to", url, "1", "2")
	application.waitForCount(2, `"link":"first"`)
	assert.NotContains(t, urlrhook(0, "list", "--db", database, "--status", "failed"), "second")
	assert.Contains(t, urlrhook(0, "list", "--db", database, "--status", "failed"), "refused",
		"a forged one stays refused")
	body := urlrhook(0, "show", "--db", database, "--body", "1")
	assert.Contains(t, body, `"code":"first"`)

	page, err := http.Get(l.page)
	require.NoError(t, err)
	defer page.Body.Close()
	content, err := io.ReadAll(page.Body)
	require.NoError(t, err)
	assert.Contains(t, string(content), "second")
	require.NoError(t, l.stop())
	assert.Equal(t, 2*23, strings.Count(l.said(), "#"), "a line for each delivery, and one for its answer")
}

// What was answered with 2xx is in the database, even after SIGKILL.
func TestKill(t *testing.T) {
	program := binary(t)
	database := filepath.Join(t.TempDir(), "deliveries.db")
	l := startListen(t, program, database)
	ctx, cancel := context.WithCancel(t.Context())
	sender := urlrtest.Sender{URL: l.url, Secret: testSecret, Concurrency: 16, Retry: urlrtest.Retry{Attempts: 1}}
	var mu sync.Mutex
	var answered []string
	sender.SendEach(ctx, func(yield func(*core.Event) bool) {
		for i := 0; ctx.Err() == nil; i++ {
			e := urlrtest.NewEvent()
			e.Link.Code = fmt.Sprint("click-", i)
			if !yield(e) {
				return
			}
		}
	}, func(d urlrtest.Delivery) {
		mu.Lock()
		defer mu.Unlock()
		if !d.Acknowledged() {
			return
		}
		if answered = append(answered, d.Event.Link.Code); len(answered) == 1000 {
			assert.NoError(t, l.Process.Kill())
			cancel()
		}
	})
	s, err := store.Open(database, 100_000)
	require.NoError(t, err)
	defer func() { assert.NoError(t, s.Close()) }()
	for _, code := range answered {
		n, err := s.Count(t.Context(), store.Filter{Code: code})
		require.NoError(t, err)
		assert.Equal(t, 1, n, code)
	}
	assert.GreaterOrEqual(t, len(answered), 1000)
}

// The page of a listener that others can reach needs a token.
func TestToken(t *testing.T) {
	program := binary(t)
	p := start(t, program, "listen", "--db", ":memory:", "--addr", "0.0.0.0:0", "--page", "127.0.0.1:0")
	address, token, found := strings.Cut(p.waitFor("Page at"), "?token=")
	require.True(t, found)
	for url, want := range map[string]int{address: http.StatusUnauthorized,
		address + "?token=wrong": http.StatusUnauthorized, address + "?token=" + token: http.StatusSeeOther} {
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		answer, err := client.Get(url)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, want, answer.StatusCode, url)
	}
}
