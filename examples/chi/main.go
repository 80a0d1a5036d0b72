// Command chi receives URLR webhooks with chi, which uses net/http middleware.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/chi
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", newApp(secret, record)))
}

func newApp(secret string, record core.HandlerFunc) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	r.With(nethttpurlr.Verify(secret)).Post("/webhooks/urlr", nethttpurlr.Handler(record))
	return r
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
