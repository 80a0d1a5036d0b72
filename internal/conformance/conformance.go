// Package conformance is the test suite of all adapters. Adapters that pass it behave alike, over a
// real listener.
//
//	conformance.Run(t, conformance.Framework{Serve: serve})
//
// To add a framework, write its adapter and, in the adapter's test, a [Serve] function that mounts
// an [App].
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

// Path is the path of an App. With [InGroup] and [OnRouter], Verify is mounted above it.
const Path = "/webhooks/urlr"

// A Scope is where Verify is mounted.
type Scope int

// Scopes.
const (
	OnRoute  Scope = iota // on its route
	InGroup               // on the route's group
	OnRouter              // on all routes
	Nowhere               // forgotten
)

// An App describes what a [Serve] function mounts at POST [Path], in this order: the adapter's
// Verify; its Deduplicate, if there is a Guard; middleware that calls Inspect with the adapter's
// Event, the request's context and the body; and the adapter's Handler, with Handle.
type App struct {
	Scope   Scope
	Secret  string
	Options []core.Option

	// Skip, if not nil, is the Skipper. Refuse, if not nil, is called by an ErrorHandler that
	// responds with the status it returns, does nothing if that is 0, and writes a text without a
	// status if that is OnlyText.
	Skip   func(header func(name string) string) bool
	Refuse func(err error) (status int)

	// ZeroVerifier selects the zero Verifier.
	ZeroVerifier bool

	Guard   *dedupe.Guard // nil: none
	Inspect func(ctx context.Context, e *core.Event, body []byte)
	Handle  core.HandlerFunc

	// OnError gets the error that the adapter returned or attached, if the framework has error
	// handlers.
	OnError func(err error)
}

// OnlyText is returned by [App.Refuse] for a response that sets no status.
const OnlyText = -1

// Custom reports whether the App needs VerifyWithConfig.
func (a App) Custom() bool { return a.Skip != nil || a.Refuse != nil || a.ZeroVerifier }

// Verifier returns the Verifier for VerifyWithConfig.
func (a App) Verifier() *core.Verifier {
	if a.ZeroVerifier {
		return new(core.Verifier)
	}
	return core.MustVerifier(a.Secret, a.Options...)
}

// Serve serves an App on a loopback listener until the test ends, and returns its base URL.
type Serve func(t *testing.T, app App) (url string)

// ServeHTTP serves h. Use it at the end of a [Serve] function for frameworks based on net/http.
func ServeHTTP(t *testing.T, h http.Handler) (url string) {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(serverLog{t}, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// A serverLog is the log of net/http, which reports responses that are written twice.
type serverLog struct{ t *testing.T }

func (l serverLog) Write(p []byte) (int, error) {
	if !bytes.Contains(p, []byte(private)) { // the suite's own panic
		l.t.Errorf("the server logs: %s", p)
	}
	return len(p), nil
}

// A Framework describes the framework and adapter under test.
type Framework struct {
	Serve Serve

	// ServeWriter is set if handlers write to an [http.ResponseWriter].
	ServeWriter ServeWriter

	// Blind means that the framework can't detect that a client disconnects while a handler is
	// running.
	Blind bool

	// Problems means that the response to a refused request is application/problem+json. Otherwise
	// the adapter returns the framework's error, and OnError gets it.
	Problems bool

	// ReadAhead is the number of bytes of a body with a declared length that the server reads
	// before it calls any handler, or ReadsAll.
	ReadAhead int

	// ParsesForms means that the framework parses multipart forms with a declared length before it
	// calls any handler.
	ParsesForms bool

	// Unpipelined means that the server loses responses if the next request has already arrived.
	Unpipelined bool

	// Error returns an error of the framework's own type, for which its error handlers respond with
	// status. It is nil if there is no such type.
	Error func(status int) error
}

// ReadsAll is the ReadAhead of a framework that reads the whole body, chunked or not, before it
// calls any handler.
const ReadsAll = -1

// Run runs the suite, in parallel with the suites of other configurations: most of its time is spent
// waiting for servers to shut down.
func Run(t *testing.T, f Framework) {
	t.Parallel()
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
		{"fails closed at setup", testSetup},
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
