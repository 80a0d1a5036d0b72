package conformance

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// A recorder records what the handlers of an App see.
type recorder struct {
	t    *testing.T
	err  error // returned by Handle
	mu   sync.Mutex
	seen record
}

// A record is what the handlers of an App have seen.
type record struct {
	events []*core.Event // from Handle
	bodies []string      // from Inspect
	errs   []error       // from OnError
}

// app adds the recorder's handlers to an App.
func (r *recorder) app(app App) App {
	app.Inspect, app.Handle, app.OnError = r.inspect, r.handle, r.onError
	return app
}

func serve(t *testing.T, f Framework, app App) (string, *recorder) {
	t.Helper()
	r := &recorder{t: t}
	if app.Secret == "" {
		app.Secret = secret
	}
	url := f.Serve(t, r.app(app))
	t.Cleanup(clientOf(url).CloseIdleConnections) // before the server's shutdown, which would wait for them
	return url, r
}

func (r *recorder) inspect(ctx context.Context, e *core.Event, body []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fromContext, _ := core.FromContext(ctx)
	assert.Same(r.t, e, fromContext)
	r.seen.bodies = append(r.seen.bodies, string(body))
}

func (r *recorder) handle(_ context.Context, e *core.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen.events = append(r.seen.events, e)
	return r.err
}

func (r *recorder) onError(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen.errs = append(r.seen.errs, err)
}

// take returns what the handlers have seen since the last call.
func (r *recorder) take() record {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.seen
	r.seen = record{}
	return seen
}

// takeEvent returns the only event handled since the last call.
func (r *recorder) takeEvent() *core.Event {
	r.t.Helper()
	seen := r.take()
	require.Len(r.t, seen.events, 1)
	return seen.events[0]
}

// takeError returns the only error that the framework's error handlers got since the last call, or
// nil. No later handler must have been called.
func (r *recorder) takeError() error {
	r.t.Helper()
	seen := r.take()
	require.Empty(r.t, seen.events)
	require.Empty(r.t, seen.bodies)
	require.LessOrEqual(r.t, len(seen.errs), 1)
	if len(seen.errs) == 0 {
		return nil
	}
	return seen.errs[0]
}
