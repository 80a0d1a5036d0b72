package otelurlr_test

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestHandlerNeedsAHandler(t *testing.T) {
	tel := newTelemetry(t)
	assert.PanicsWithValue(t, "urlr: Observer.Handler needs a core.HandlerFunc, got nil", func() { tel.Handler(nil) })
}

// The duration is recorded even if the handler never returns.
func TestHandlerDuration(t *testing.T) {
	for name, end := range map[string]func(){
		"returns": func() {},
		"panics":  func() { panic("bug") },
		"exits":   runtime.Goexit, // as t.FailNow does
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tel := newTelemetry(t)
				handler := tel.Handler(func(context.Context, *core.Event) error {
					time.Sleep(30 * time.Millisecond)
					end()
					return nil
				})
				go func() {
					defer func() { _ = recover() }()
					_ = handler(t.Context(), nil)
				}()
				time.Sleep(time.Second)
				measured := points(t, tel.reader)
				require.Len(t, measured, 1)
				assert.Equal(t, 1, measured[0].count)
				assert.InDelta(t, 0.03, measured[0].sum, 1e-9)
				assert.Len(t, tel.spans.Ended(), 1)
			})
		})
	}
}

// Handler passes the event, the context's values and the error through unchanged.
func TestHandlerPassesThrough(t *testing.T) {
	tel := newTelemetry(t)
	event := &core.Event{}
	ctx := core.NewContext(t.Context(), event)
	err := tel.Handler(func(ctx context.Context, e *core.Event) error {
		assert.Same(t, event, e)
		inContext, _ := core.FromContext(ctx)
		assert.Same(t, event, inContext)
		return core.ErrUnavailable
	})(ctx, event)
	assert.Equal(t, core.ErrUnavailable, err)
}
