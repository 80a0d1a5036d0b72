package dedupe_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Half of the responses get lost, so that clicks are delivered again. Each counts once.
func Example() {
	var counted atomic.Int64
	count := func(context.Context, *core.Event) error {
		time.Sleep(20 * time.Millisecond) // like a database
		counted.Add(1)
		return nil
	}
	guard := dedupe.New(dedupe.NewMemory())
	mux := http.NewServeMux()
	verify, deduplicate := nethttpurlr.Verify("secret"), nethttpurlr.Deduplicate(guard)
	mux.Handle("POST /webhooks/urlr", verify(deduplicate(nethttpurlr.Handler(count))))
	server := httptest.NewServer(mux)

	sender := urlrtest.Sender{
		URL: server.URL + "/webhooks/urlr", Secret: "secret",
		Retry:  urlrtest.Retry{FirstInterval: 50 * time.Millisecond, Attempts: 10},
		Faults: urlrtest.Faults{LoseAnswer: 0.5},
	}
	clicks, attempts := 10, 0
	for range clicks {
		delivery := sender.Send(context.Background(), urlrtest.NewEvent())
		attempts += len(delivery.Attempts)
	}
	server.Close()
	if err := guard.Shutdown(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(attempts > clicks, counted.Load())
	// Output: true 10
}

// Log what goes wrong.
func ExampleWithObserver() {
	guard := dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(func(ctx context.Context, o dedupe.Observation) {
		if o.What == dedupe.StoreFailed || o.What == dedupe.GaveUp {
			slog.ErrorContext(ctx, "deduplication", "what", o.What, "link", o.Event.Link.Code, "error", o.Err)
		}
	}))
	_ = nethttpurlr.Deduplicate(guard)
}
