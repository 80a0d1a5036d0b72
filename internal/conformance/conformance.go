// Package conformance is the one test suite of all adapters: what passes it behaves like the
// others, over a real listener.
//
// To add a framework, write its adapter, and in the adapter's test a [Serve] that mounts an [App]
// with it and passes it to [Run].
package conformance

import (
	"bytes"
	"context"
	"log"
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

// An App is what a [Serve] mounts at POST [Path]: the adapter's Verify; its Deduplicate, if there
// is a Guard; a middleware that calls Inspect with the adapter's Event, the request's context and
// the body; and the adapter's Handler of Handle.
type App struct {
	Scope   Scope
	Secret  string
	Options []core.Option

	// Skip and Refuse ask for VerifyWithConfig with a Skipper, and with an ErrorHandler that
	// answers with Refuse's status, with nothing if that is 0, or with a text and no status if that
	// is OnlyText.
	Skip   func(header func(name string) string) bool
	Refuse func(err error) (status int)

	// ZeroVerifier asks for VerifyWithConfig with a Verifier that is of no use.
	ZeroVerifier bool

	Guard   *dedupe.Guard // nil: none
	Inspect func(ctx context.Context, e *core.Event, body []byte)
	Handle  core.HandlerFunc

	// OnError gets what the adapter returned or attached, where the framework has error handlers.
	OnError func(err error)
}

// OnlyText is what [App.Refuse] returns for an answer that sets no status.
const OnlyText = -1

// Custom reports whether the App wants VerifyWithConfig.
func (a App) Custom() bool { return a.Skip != nil || a.Refuse != nil || a.ZeroVerifier }

// Verifier returns what VerifyWithConfig needs.
func (a App) Verifier() *core.Verifier {
	if a.ZeroVerifier {
		return new(core.Verifier)
	}
	return core.MustVerifier(a.Secret, a.Options...)
}

// Serve serves an App on a loopback listener until the test ends, and returns the base URL.
type Serve func(t *testing.T, app App) (url string)

// ServeHTTP is the end of a [Serve] for a framework that makes an http.Handler.
func ServeHTTP(t *testing.T, h http.Handler) (url string) {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(serverLog{t}, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// A serverLog is the log of net/http, which complains of answers that are written twice.
type serverLog struct{ t *testing.T }

func (l serverLog) Write(p []byte) (int, error) {
	if !bytes.Contains(p, []byte(private)) { // a panic of the suite
		l.t.Errorf("the server logs: %s", p)
	}
	return len(p), nil
}

// A Framework is what is tested.
type Framework struct {
	Serve Serve

	// ServeWriter is there if handlers write to an [http.ResponseWriter].
	ServeWriter ServeWriter

	// Blind tells that the framework does not see a client going away while a handler is running.
	Blind bool

	// Problems tells that refusals are answered with application/problem+json. Otherwise the
	// adapter returns the framework's error, and OnError gets it.
	Problems bool

	// ReadAhead is how many bytes of a body with a declared length the server waits for before it
	// calls any handler, or ReadsAll.
	ReadAhead int

	// ParsesForms tells that the framework parses multipart forms of a declared length before it
	// calls any handler.
	ParsesForms bool

	// Unpipelined tells that the server loses answers where the next request is already there.
	Unpipelined bool

	// Error returns an error of the framework's own type, which its error handlers answer with a
	// status. It is nil if there is no such type.
	Error func(status int) error
}

// ReadsAll is the ReadAhead of a framework that reads every body, chunked or not, before it calls
// any handler.
const ReadsAll = -1

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
		{"reads the signature's line", testSignatureLines},
		{"takes no signature from an odd line", testOddSignatureLines},
		{"takes no signature from a trailer", testTrailers},
		{"limits the body", testBodyLimit},
		{"needs the whole body", testBrokenBody},
		{"logs nothing of the next request", testLog},
		{"takes the body as sent", testContentEncoding},
		{"does not parse forms", testForms},
		{"looks up secrets", testSecrets},
		{"shows later handlers the event and the body", testLaterHandlers},
		{"answers for the handler", testHandler},
		{"takes no error of the handler for a refusal", testHandlerDoesNotRefuse},
		{"has a custom error handler", testErrorHandler},
		{"fails closed if the error handler sets no status", testErrorHandlerWithoutStatus},
		{"fails closed if the error handler is silent", testSilentErrorHandler},
		{"has a skipper", testSkipper},
		{"fails closed if the configuration panics", testPanics},
		{"fails closed at set-up", testSetUp},
		{"fails closed without Verify", testWithoutVerify},
		{"fails closed with a zero Verifier", testZeroVerifier},
		{"verifies every method", testMethods},
		{"keeps events apart", testConcurrency},
		{"refuses at once", testAtOnce},
		{"asks for the body it wants", testContinue},
		{"gets refusals through to clients", testClientsGetRefusals},
		{"keeps the connection after a refusal", testKeepAlive},
		{"answers pipelined requests", testPipelining},
		{"takes no body for a request", testSmuggling},
		{"handles each click once", testDeduplicate},
		{"handles a click again that failed", testDeduplicateFailures},
		{"fails closed without a store", testDeduplicateStoreDown},
		{"takes an answer for delivered whose client hangs up afterwards", testDeduplicateHangUpAfterwards},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, f) })
	}
}
