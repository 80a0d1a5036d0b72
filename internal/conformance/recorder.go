package conformance

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// A recorder is the handlers of an App.
type recorder struct {
	t    *testing.T
	err  error // what Handle returns
	mu   sync.Mutex
	seen record
}

// A record is what the handlers of an App saw.
type record struct {
	events []*core.Event // by Handle
	bodies []string      // by Inspect
	errs   []error       // by OnError
}

// app completes an App with the recorder's handlers.
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
	t.Cleanup(client.CloseIdleConnections) // before the server shuts down, which would wait for them
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

// take returns what was seen since the last call.
func (r *recorder) take() record {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.seen
	r.seen = record{}
	return seen
}

// takeEvent returns the one event that was handled since the last call.
func (r *recorder) takeEvent() *core.Event {
	r.t.Helper()
	seen := r.take()
	require.Len(r.t, seen.events, 1)
	return seen.events[0]
}

// takeError returns the one error that the framework's error handlers got since the last call, or
// nil if there was none. Nothing must have reached a later handler.
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
