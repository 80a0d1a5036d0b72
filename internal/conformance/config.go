package conformance

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func testErrorHandler(t *testing.T, f Framework) {
	errs := make(chan error, 1)
	url, seen := serve(t, f, App{Refuse: func(err error) int { errs <- err; return http.StatusTeapot }})
	assert.Equal(t, http.StatusTeapot, send(t, url, signed(body, "another secret")).status)
	_ = seen.takeError()
	require.ErrorIs(t, <-errs, core.ErrSignatureMismatch)
	assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status)
	seen.takeEvent()
}

// testErrorHandlerWithoutStatus has an ErrorHandler that sets no status. Frameworks would send 200.
func testErrorHandlerWithoutStatus(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Refuse: func(error) int { return OnlyText }})
	answer := send(t, url, signed(body, "another secret"))
	assert.Equal(t, http.StatusUnauthorized, answer.status)
	assert.Equal(t, "refused", answer.body)
	_ = seen.takeError()
}

// testSilentErrorHandler has an ErrorHandler that does nothing. Frameworks would send 200.
func testSilentErrorHandler(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Refuse: func(error) int { return 0 }})
	for _, chunked := range []bool{false, true} {
		forged := signed(body, "another secret")
		forged.chunked = chunked
		checkRefused(t, f, send(t, url, forged), seen, core.ErrSignatureMismatch)
		unsigned := delivery{body: body, signatures: []string{}, chunked: chunked}
		checkRefused(t, f, send(t, url, unsigned), seen, core.ErrNoSignature)
	}
}

func testSkipper(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Skip: func(header func(string) string) bool { return header("X-Skip") == "yes" }})
	skip := delivery{body: "anything", signatures: []string{}, header: http.Header{"X-Skip": {"yes"}}}
	assert.Equal(t, http.StatusInternalServerError, send(t, url, skip).status, "Handler handles nothing unverified")
	record := seen.take()
	assert.Equal(t, []string{"anything"}, record.bodies)
	assert.Empty(t, record.events)
	checkRefused(t, f, send(t, url, signed(body, "another secret")), seen, core.ErrSignatureMismatch)
}

// testPanics has functions of the configuration that panic. The framework or its middleware
// recovers.
func testPanics(t *testing.T, f Framework) {
	lookUp := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { panic(private) })
	observe := core.WithObserver(func(_ context.Context, o core.Observation) {
		if o.Err != nil {
			panic(private)
		}
	})
	for name, app := range map[string]App{
		"Skipper":      {Skip: func(func(string) string) bool { panic(private) }},
		"ErrorHandler": {Refuse: func(error) int { panic(private) }},
		"SecretFunc":   {Options: []core.Option{lookUp}},
		"observer":     {Options: []core.Option{observe}},
	} {
		t.Run(name, func(t *testing.T) {
			url, seen := serve(t, f, app)
			got, err := trySend(url, signed(body, "another secret"))
			if err == nil { // net/http closes the connection
				assert.GreaterOrEqual(t, got.status, http.StatusInternalServerError)
			}
			if app.Skip == nil && app.Refuse == nil { // the rest of the body is not a request
				w := dial(t, url)
				w.send(head(chunkedEncoding), framings[0].signedRequest(body))
				w.hangUp()
				w.rest()
			}
			record := seen.take()
			assert.Empty(t, record.events)
			assert.Empty(t, record.bodies)
		})
	}
}

func testSetup(t *testing.T, f Framework) {
	r := &recorder{t: t}
	for name, app := range map[string]App{
		"empty secret":           {},
		"empty secret, custom":   {Skip: func(func(string) string) bool { return false }},
		"empty secret to rotate": {Secret: secret, Options: []core.Option{core.WithSecrets("")}},
		"impossible option":      {Secret: secret, Options: []core.Option{core.WithMaxBodyBytes(0)}},
	} {
		assert.Panics(t, func() { f.Serve(t, r.app(app)) }, name)
	}
	app := r.app(App{Secret: secret})
	app.Handle = nil
	assert.Panics(t, func() { f.Serve(t, app) }, "no handler")
}

func testWithoutVerify(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{Scope: Nowhere})
	got := send(t, url, delivery{body: body})
	assert.Equal(t, http.StatusInternalServerError, got.status)
	record := seen.take()
	assert.Equal(t, []string{body}, record.bodies, "and Event is nil")
	assert.Empty(t, record.events)
}

// testZeroVerifier mounts the zero Verifier.
func testZeroVerifier(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{ZeroVerifier: true})
	for _, chunked := range []bool{false, true} {
		for _, d := range []delivery{
			{body: body},
			signed(body, ""),
			{body: "", signatures: []string{core.Sign("", nil)}},
			{body: body, signatures: []string{}},
		} {
			d.chunked = chunked
			got := send(t, url, d)
			assert.Equal(t, http.StatusInternalServerError, got.status)
			if err := seen.takeError(); !f.Problems {
				assert.ErrorIs(t, err, core.ErrNotVerified)
			}
			checkAnswer(t, f, got, core.ErrNotVerified)
		}
	}
}
