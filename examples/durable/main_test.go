package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
	"github.com/urlr-community/webhooks-go/internal/freeport"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// An output collects what all runs of the program print.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func waitFor(t *testing.T, o *output, text string) {
	t.Helper()
	has := func() bool { return strings.Contains(o.String(), text) }
	require.Eventually(t, has, 10*time.Second, 10*time.Millisecond, text)
}

// A receiver is the built program, with one address and one file for all its runs.
type receiver struct {
	program, addr, file string
	printed             output
	process             *exec.Cmd
}

func newTestReceiver(t *testing.T) *receiver {
	t.Helper()
	dir := t.TempDir()
	r := &receiver{
		program: filepath.Join(dir, "durable"),
		addr:    freeport.Addr(t),
		file:    filepath.Join(dir, "clicks of a #1 customer?.db"),
	}
	built, err := exec.Command("go", "build", "-o", r.program, ".").CombinedOutput()
	require.NoError(t, err, string(built))
	r.start(t)
	t.Cleanup(r.kill)
	return r
}

func (r *receiver) start(t *testing.T) {
	r.process = exec.Command(r.program, "-addr", r.addr, "-metrics", "127.0.0.1:0", "-db", r.file)
	r.process.Env = append(os.Environ(), "URLR_WEBHOOK_SECRET="+exampletest.Secret)
	r.process.Stdout = &r.printed
	r.process.Stderr = &r.printed
	assert.NoError(t, r.process.Start())
}

// kill ends the program with SIGKILL, unless it has ended.
func (r *receiver) kill() {
	_ = r.process.Process.Kill()
	_ = r.process.Wait() // it was killed
}

// Killed again and again, it records each click once and prints each.
func TestKilled(t *testing.T) {
	const clicks, kills = 400, 3
	r := newTestReceiver(t)
	events := make([]*core.Event, clicks)
	for i := range events {
		events[i] = urlrtest.NewEvent()
		events[i].Link.Code = fmt.Sprintf("link-%d", i)
	}
	var acknowledged atomic.Int64
	sender := urlrtest.Sender{
		URL: "http://" + r.addr + path, Secret: exampletest.Secret, Concurrency: 8,
		Retry: urlrtest.Retry{Attempts: 400, FirstInterval: 50 * time.Millisecond, Factor: 1},
		OnAttempt: func(a urlrtest.Attempt) {
			if a.Acknowledged() {
				acknowledged.Add(1)
			}
		},
	}
	var killing sync.WaitGroup
	killing.Go(func() {
		for n := range int64(kills) {
			for acknowledged.Load() < (n+1)*clicks/(kills+1) && t.Context().Err() == nil {
				time.Sleep(time.Millisecond)
			}
			r.kill()
			r.start(t)
		}
	})
	deliveries := sender.SendAll(t.Context(), events...)
	killing.Wait()
	for _, d := range deliveries {
		require.True(t, d.Acknowledged(), "%s, after %d attempts", d.Event.Link.Code, len(d.Attempts))
	}

	waitFor(t, &r.printed, fmt.Sprintf("click %d: ", clicks))
	require.NoError(t, r.process.Process.Signal(os.Interrupt))
	require.NoError(t, r.process.Wait())

	printed := r.printed.String()
	assert.Regexp(t, fmt.Sprintf(`\n%d clicks recorded, 0 of them still to be printed\n$`, clicks), printed)
	byNumber, byLink := map[string]int{}, map[string]int{}
	for _, line := range regexp.MustCompile(`(?m)^click (\d+): "(link-\d+)" `).FindAllStringSubmatch(printed, -1) {
		byNumber[line[1]]++
		if byNumber[line[1]] == 1 {
			byLink[line[2]]++
		}
	}
	again := -clicks
	for i := range clicks {
		again += byNumber[strconv.Itoa(i+1)]
		assert.Positive(t, byNumber[strconv.Itoa(i+1)], "click %d", i+1)
		assert.Equal(t, 1, byLink[fmt.Sprintf("link-%d", i)], "link-%d", i)
	}
	assert.LessOrEqual(t, again, kills, "printed again: at most what was being printed when the program was killed")
}

// Without a secret and a file, it runs a demo.
func TestDemo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var printed output
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, &printed, config{addr: "127.0.0.1:0", metrics: "127.0.0.1:0"}) }()
	waitFor(t, &printed, "click 3: ")
	address := regexp.MustCompile(`metrics at (\S+)`).FindStringSubmatch(printed.String())
	require.NotEmpty(t, address)
	scraped, err := http.Get(address[1])
	require.NoError(t, err)
	defer scraped.Body.Close()
	metrics, err := io.ReadAll(scraped.Body)
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^urlr_webhook_verify_duration_seconds_count\{.*\} [1-9]`, string(metrics))
	assert.Regexp(t, `(?m)^urlr_webhook_process_duration_seconds_count\{.*\} [1-9]`, string(metrics))
	assert.Regexp(t, `(?m)^urlr_webhook_deduplications_total\{.*"processed".*\} [1-9]`, string(metrics))
	cancel()
	require.NoError(t, <-ended)
	assert.Regexp(t, `^0 clicks recorded, 0 of them still to be printed\nlistening on 127`, printed.String())
	assert.Regexp(t, `\n\d+ clicks recorded, \d+ of them still to be printed\n$`, printed.String())
}
