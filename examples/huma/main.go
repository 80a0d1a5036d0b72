// Command huma receives URLR webhooks in an API made with Huma: the endpoint is an operation of a
// group, whose middleware verifies deliveries and handles each click once.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/huma
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	server := &http.Server{
		Addr:        "127.0.0.1:8080",
		Handler:     newApp(secret, dedupe.New(dedupe.NewMemory()), record),
		ConnContext: dedupe.ConnContext,
		ReadTimeout: 10 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}

func newApp(secret string, guard *dedupe.Guard, record core.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("Clicks", "1.0.0"))

	webhooks := huma.NewGroup(api, "/webhooks")
	webhooks.UseMiddleware(
		fromNetHTTP(nethttpurlr.Verify(secret)),
		fromNetHTTP(nethttpurlr.Deduplicate(guard)),
	)
	huma.Post(webhooks, "/urlr", func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		if err := record.Serve(ctx); err != nil {
			return nil, huma.NewError(core.StatusCode(err), "the click was not recorded")
		}
		return nil, nil // 204
	})
	return mux
}

// fromNetHTTP turns net/http middleware into Huma middleware for humago.
func fromNetHTTP(middleware func(http.Handler) http.Handler) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		handler := middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next(humago.NewContext(ctx.Operation(), r, w))
		}))
		handler.ServeHTTP(w, r.WithContext(ctx.Context())) // with what Huma's middleware has added so far
	}
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
