package nethttpurlr_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_test"

// deliver sends an event, signed with secret, to a handler and prints the response.
func deliver(h http.Handler, secret string) {
	r := urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(strings.TrimSpace(fmt.Sprint(w.Code, " ", w.Body)))
}

func ExampleVerify() {
	record := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		click := nethttpurlr.Event(r)
		fmt.Println(click.Link.Code, click.Country)
		w.WriteHeader(http.StatusNoContent)
	})
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(record))

	deliver(mux, secret)
	deliver(mux, "forged")
	// Output:
	// yBPhx FR
	// 204
	// 401 {"type":"about:blank","title":"Unauthorized","status":401,"detail":"The signature does not match the body. Check the secret, and that nothing changes the body in transit."}
}

func ExampleVerifyWithConfig() {
	verify := nethttpurlr.VerifyWithConfig(nethttpurlr.Config{
		Verifier: core.MustVerifier(secret, core.WithSecrets("whsec_before")),
		Skipper:  func(r *http.Request) bool { return r.Method == http.MethodGet },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "no", core.StatusCode(err))
		},
	})
	mux := http.NewServeMux()
	mux.Handle("/webhooks/urlr", verify(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, nethttpurlr.Event(r) != nil)
	})))

	deliver(mux, "whsec_before")
	deliver(mux, "forged")
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/webhooks/urlr", nil))
	// Output:
	// POST true
	// 200
	// 401 no
	// GET false
}

// Later handlers get the event, and can read the body again.
func ExampleEvent() {
	h := nethttpurlr.Verify(secret)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Println(nethttpurlr.Event(r).Type, bytes.Equal(body, nethttpurlr.Event(r).Raw()), err)
	}))
	deliver(h, secret)
	// Output:
	// link_clicked true <nil>
	// 200
}

func ExampleHandler() {
	full := false
	record := func(_ context.Context, e *core.Event) error {
		if full {
			return errors.Join(core.ErrUnavailable, errors.New("the table is locked"))
		}
		fmt.Println("recorded", e.Link.Code)
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(nethttpurlr.Handler(core.OnLinkClicked(record))))

	deliver(mux, secret)
	full = true
	deliver(mux, secret)
	// Output:
	// recorded yBPhx
	// 204
	// 503 {"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The event can't be processed at the moment. Send the delivery again later."}
}

// Each click reaches the handler once. A single process can keep its state in memory; several need
// a shared store.
func ExampleDeduplicate() {
	record := func(_ context.Context, e *core.Event) error {
		fmt.Println("recorded", e.Link.Code)
		return nil
	}
	verify := nethttpurlr.Verify(secret)
	deduplicate := nethttpurlr.Deduplicate(dedupe.New(dedupe.NewMemory()))
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", verify(deduplicate(nethttpurlr.Handler(record))))

	deliver(mux, secret)
	// Output:
	// recorded yBPhx
	// 204
}
