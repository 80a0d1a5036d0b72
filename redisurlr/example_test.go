package redisurlr_test

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

// Several processes serve the endpoint. What one has processed, the others skip.
func ExampleNew() {
	client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{"localhost:6379"}})
	guard := dedupe.New(redisurlr.New(client))

	record := func(context.Context, *core.Event) error { return nil } // writes to the database
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr",
		nethttpurlr.Verify("secret")(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(record))))
}
