package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func start(t *testing.T, record core.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(newApp(exampletest.Secret, dedupe.New(dedupe.NewMemory()), record))
	server.Config.ConnContext = dedupe.ConnContext
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	exampletest.Check(t, start(t, recorded.Record).URL, &recorded)
}

func TestFailureIsAnsweredWithItsStatus(t *testing.T) {
	unavailable := func(context.Context, *core.Event) error { return core.ErrUnavailable }
	status := exampletest.Send(t, start(t, unavailable).URL, exampletest.Secret, exampletest.Body).Status
	assert.Equal(t, http.StatusServiceUnavailable, status)
}

// Deduplicate works in Huma's group: it notices a lost response and skips the retry.
func TestEachClickOnce(t *testing.T) {
	var recorded exampletest.Recorder
	server := start(t, func(ctx context.Context, click *core.Event) error {
		select {
		case <-ctx.Done(): // the client has disconnected
		case <-time.After(10 * time.Second):
			t.Error("the handler does not learn that the client has disconnected")
		}
		return recorded.Record(ctx, click)
	})
	click := urlrtest.NewEvent()
	lost := urlrtest.Sender{
		URL: server.URL + exampletest.Path, Secret: exampletest.Secret,
		Retry:  urlrtest.Retry{Attempts: 1},
		Faults: urlrtest.Faults{LoseAnswer: 1},
	}
	lost.Send(t.Context(), click)
	require.Eventually(t, func() bool { return len(recorded.Codes()) == 1 }, 10*time.Second, time.Millisecond)

	retry := urlrtest.Sender{
		URL: server.URL + exampletest.Path, Secret: exampletest.Secret,
		Retry: urlrtest.Retry{FirstInterval: 20 * time.Millisecond, Attempts: 8},
	}
	delivery := retry.Send(t.Context(), click)
	assert.True(t, delivery.Acknowledged())
	assert.Len(t, recorded.Codes(), 1)
}

// Values that Huma's own middleware has put into the context are still there after fromNetHTTP.
func TestFromNetHTTPKeepsValues(t *testing.T) {
	type key struct{}
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("Test", "1.0.0"))
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) { next(huma.WithValue(ctx, key{}, "kept")) })
	group := huma.NewGroup(api, "/webhooks")
	group.UseMiddleware(fromNetHTTP(nethttpurlr.Verify(exampletest.Secret)))
	var value any
	huma.Post(group, "/urlr", func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		value = ctx.Value(key{})
		return nil, nil
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	exampletest.Send(t, server.URL, exampletest.Secret, exampletest.Body)
	assert.Equal(t, "kept", value)
}
