// Command mux receives URLR webhooks with gorilla/mux, which uses net/http middleware.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/mux
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/mux"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: newApp(secret, record), ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func newApp(secret string, record core.HandlerFunc) http.Handler {
	r := mux.NewRouter()
	webhooks := r.PathPrefix("/webhooks").Subrouter()
	webhooks.Use(nethttpurlr.Verify(secret))
	webhooks.Handle("/urlr", nethttpurlr.Handler(record)).Methods(http.MethodPost)
	return r
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
