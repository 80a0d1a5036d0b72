package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Every delivery that is answered with 503 is counted in its second, or at the end.
func TestLogCountsRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		l := newLog(&out, "")
		for range 376 {
			l.overload("it rains")
		}
		synctest.Wait()
		assert.Empty(t, out.String(), "the second is not over")
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Equal(t, "Can't keep up: answered 376 with 503, the last one because it rains. URLR sends them again.\n", out.String())
		time.Sleep(time.Hour)
		l.overload("it rains")
		l.overload("it snows")
		l.close()
		assert.Equal(t, 2, strings.Count(out.String(), "\n"))
		assert.Contains(t, out.String(), "answered 2 with 503, the last one because it snows")
	})
}

// A stuck is a terminal that blocks until it is released.
type stuck struct {
	bytes.Buffer
	released chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.released
	return s.Buffer.Write(p)
}

// A slow terminal delays nothing, and later shows how many lines it missed.
func TestLogDropsLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &stuck{released: make(chan struct{})}
		l := newLog(out, "")
		l.answered(&store.Delivery{ID: 1})
		synctest.Wait() // it is being printed
		for range queuedLines + 7 {
			l.answered(&store.Delivery{})
		}
		close(out.released)
		l.close()
		assert.Equal(t, 1+queuedLines, strings.Count(out.String(), "#"))
		assert.Contains(t, out.String(), "7 lines were dropped")
	})
}

func TestLogEndsBesideAStuckTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &stuck{released: make(chan struct{})}
		l := newLog(out, "")
		l.answered(&store.Delivery{})
		start := time.Now()
		l.close()
		assert.Equal(t, lastWords, time.Since(start))
		close(out.released)
		<-l.done
	})
}

// listen works although nothing reads its output.
func TestNobodyReads(t *testing.T) {
	command := exec.Command(binary(t), listenArgs("--db", ":memory:")...)
	command.Env = append(os.Environ(), secretEnv+"="+testSecret)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	ended := make(chan error, 1)
	t.Cleanup(func() { _ = command.Process.Kill() })
	greeting, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	go func() { ended <- command.Wait() }()

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sender := urlrtest.Sender{URL: strings.Fields(greeting)[2], Secret: testSecret, Concurrency: 16,
		Retry: urlrtest.Retry{Attempts: 1}}
	acknowledged := 0
	const deliveries = 3000 // more than a pipe has room for
	for _, d := range sender.SendAll(ctx, slices.Repeat([]*core.Event{urlrtest.NewEvent()}, deliveries)...) {
		if d.Acknowledged() {
			acknowledged++
		}
	}
	assert.Equal(t, deliveries, acknowledged)
	require.NoError(t, command.Process.Signal(os.Interrupt))
	select {
	case err := <-ended:
		assert.NoError(t, err)
	case <-time.After(20 * time.Second):
		t.Error("it does not end")
	}
}
