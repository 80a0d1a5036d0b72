// Package conformance is the one test suite of all adapters: what passes it behaves like the others, over a real listener.
//
// To add a framework, write its adapter, and in the adapter's test a [Serve] that mounts an [App] with it and passes it to [Run].
package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// Path is where an App is mounted. With [InGroup] and [OnRouter], Verify is mounted above it.
const Path = "/webhooks/urlr"

// A Scope is where Verify is mounted.
type Scope int

// The scopes.
const (
	OnRoute  Scope = iota // of the one route
	InGroup               // of its group
	OnRouter              // of all routes
	Nowhere               // by mistake
)

// An App is what a [Serve] mounts at POST [Path]: the adapter's Verify; its Deduplicate, if there is a Guard; a middleware that
// calls Inspect with the adapter's Event, the request's context and the body; and the adapter's Handler of Handle.
type App struct {
	Scope   Scope
	Secret  string
	Options []core.Option

	// Skip and Refuse ask for VerifyWithConfig with a Skipper and an ErrorHandler that answers with Refuse's status.
	Skip   func(header func(name string) string) bool
	Refuse func(err error) (status int)

	Guard   *dedupe.Guard // nil: none
	Inspect func(ctx context.Context, e *core.Event, body []byte)
	Handle  core.HandlerFunc

	// OnError gets what the adapter returned or attached, where the framework has error handlers.
	OnError func(err error)
}

// Custom reports whether the App wants VerifyWithConfig.
func (a App) Custom() bool { return a.Skip != nil || a.Refuse != nil }

// Verifier returns what VerifyWithConfig needs.
func (a App) Verifier() *core.Verifier { return core.MustVerifier(a.Secret, a.Options...) }

// Serve serves an App on a loopback listener until the test ends, and returns the base URL.
type Serve func(t *testing.T, app App) (url string)

// ServeHTTP is the end of a [Serve] for a framework that makes an http.Handler.
func ServeHTTP(t *testing.T, h http.Handler) (url string) {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// A Framework is what is tested.
type Framework struct {
	Serve Serve

	// ServeWriter is there if handlers write to an [http.ResponseWriter].
	ServeWriter ServeWriter

	// Blind tells that the framework does not see a client going away while a handler is running.
	Blind bool

	// Problems tells that refusals are answered with application/problem+json. Otherwise the adapter returns the framework's
	// error, and OnError gets it.
	Problems bool
}

// Run runs the suite.
func Run(t *testing.T, f Framework) {
	if f.ServeWriter != nil {
		t.Run("knows when an early answer is complete", func(t *testing.T) { testEarlyAnswers(t, f) })
	}
	for _, test := range []struct {
		name string
		run  func(*testing.T, Framework)
	}{
		{"accepts every generation in every form", testAccepted},
		{"mounts on a route, in a group, on a router", testScopes},
		{"refuses as the error table says", testRefused},
		{"needs exactly one signature", testSignatures},
		{"limits the body", testBodyLimit},
		{"needs the whole body", testBrokenBody},
		{"takes the body as sent", testContentEncoding},
		{"looks up secrets", testSecrets},
		{"shows later handlers the event and the body", testLaterHandlers},
		{"answers for the handler", testHandler},
		{"has a custom error handler", testErrorHandler},
		{"has a skipper", testSkipper},
		{"fails closed at set-up", testSetUp},
		{"fails closed without Verify", testWithoutVerify},
		{"keeps events apart", testConcurrency},
		{"keeps the connection after a refusal", testKeepAlive},
		{"handles each click once", testDeduplicate},
		{"handles a click again that failed", testDeduplicateFailures},
		{"fails closed without a store", testDeduplicateStoreDown},
		{"takes an answer for delivered whose client hangs up afterwards", testDeduplicateHangUpAfterwards},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, f) })
	}
}
