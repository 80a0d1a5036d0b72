// Command chi receives URLR's webhooks with chi, which takes the middleware of net/http as it is.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/chi
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your folder at URLR")
	}
	server := http.Server{Addr: "127.0.0.1:8080", Handler: newRouter(secret, record), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func newRouter(secret string, record core.HandlerFunc) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.Recoverer)
	r.Route("/webhooks", func(r chi.Router) {
		r.Use(nethttpurlr.Verify(secret))
		r.Post("/urlr", nethttpurlr.Handler(record))
	})
	return r
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
