package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An event of the stream.
type state struct{ Latest, Total, Failed int }

// readStates yields the states of a stream until it ends.
func (f *fixture) states(ctx context.Context) <-chan state {
	t := f.t
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+"/events", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r) //nolint:bodyclose // closed when the stream ends
	require.NoError(t, err)
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	states := make(chan state, 100)
	go func() {
		defer close(states)
		defer response.Body.Close()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var s state
				_ = json.Unmarshal([]byte(data), &s)
				states <- s
			}
		}
	}()
	return states
}

func TestStream(t *testing.T) {
	f := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	states := f.states(ctx)
	assert.Equal(t, state{}, <-states)

	began, count := time.Now(), 0
	const n = 200
	for range n {
		f.answer(f.add(authentic()), 204)
	}
	f.answer(f.add(authentic()), 500)
	for s := range states {
		count++
		if s == (state{n + 1, n + 1, 1}) {
			break
		}
	}
	assert.LessOrEqual(t, count, int(time.Since(began)/(250*time.Millisecond))+1, "at most four a second")
	cancel()
	for range states {
	}
}

func TestStreamsAreBounded(t *testing.T) {
	f := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	first, stop := context.WithCancel(ctx)
	defer stop()
	<-f.states(first)
	for range 99 {
		<-f.states(ctx)
	}
	answer := f.get("/events")
	assert.Equal(t, "retry: 10000\n\n", answer.text, "a browser tries again, as it would not after an error")
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	stop()
	assert.Eventually(t, func() bool {
		_, ok := <-f.states(ctx)
		return ok
	}, patience, 5*time.Millisecond, "one that ends makes room")
}

func TestStreamEndsWithTheServer(t *testing.T) {
	f := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	states := f.states(ctx)
	<-states
	require.NoError(t, f.server.Config.Close())
	for range states {
	}
	assert.NoError(t, ctx.Err())
}
