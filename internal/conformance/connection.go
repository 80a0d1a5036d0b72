package conformance

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// testKeepAlive refuses requests without an unread body, so that the connection can be reused.
func testKeepAlive(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, refused := range []delivery{
		signed(body, "another secret"), signed("", "another secret"), {body: "", signatures: []string{}},
	} {
		require.Equal(t, http.StatusUnauthorized, send(t, url, refused).status)
		_ = seen.takeError()

		reused := false
		trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }}
		r := urlrtest.NewRequest(url+Path, secret, event())
		response, err := clientOf(url).Do(r.WithContext(httptrace.WithClientTrace(t.Context(), trace)))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, http.StatusNoContent, response.StatusCode)
		assert.True(t, reused)
		seen.takeEvent()
	}
}

// now is a body with the current time.
func now(code string) string {
	e := event()
	e.Link.Code, e.Timestamp = code, time.Now()
	return string(urlrtest.Body(e, urlrtest.Latest))
}

// testPipelining sends refused deliveries, whose bodies must be read, between others on one
// connection, without waiting for responses.
func testPipelining(t *testing.T, f Framework) {
	if f.Unpipelined {
		return
	}
	lookUp := func(_ context.Context, claim core.Claim) ([]string, error) {
		if claim.LinkCode == "down" {
			return nil, errors.New(private)
		}
		return nil, nil
	}
	options := []core.Option{core.WithMaxAge(time.Hour), core.WithSecretFunc(lookUp)}
	forged := signature(core.Sign("other", []byte("x")))
	for _, framing := range framings {
		for name, test := range map[string]struct {
			refused string
			want    error
		}{
			"mismatch":    {framing.request(now("forged"), forged), core.ErrSignatureMismatch},
			"expired":     {framing.signedRequest(body), core.ErrExpired},
			"malformed":   {framing.signedRequest("not JSON"), core.ErrMalformedEvent},
			"empty":       {framing.signedRequest(""), core.ErrMalformedEvent},
			"unavailable": {framing.signedRequest(now("down")), core.ErrSecretUnavailable},
		} {
			t.Run(name+", "+framing.name, func(t *testing.T) {
				url, seen := serve(t, f, App{Options: options})
				w := dial(t, url)
				w.send(framing.signedRequest(now("first")), test.refused, framing.signedRequest(now("second")))
				assert.Equal(t, http.StatusNoContent, w.answer().status)
				checkAnswer(t, f, w.answer(), test.want)
				assert.Equal(t, http.StatusNoContent, w.answer().status)
				assert.Equal(t, []string{"first", "second"}, seen.codes())

				// It must not wait for the next request either.
				w.send(test.refused)
				checkAnswer(t, f, w.answer(), test.want)
			})
		}
	}
}

// codes returns the link codes of the events handled since the last call.
func (r *recorder) codes() (codes []string) {
	for _, e := range r.take().events {
		codes = append(codes, e.Link.Code)
	}
	return codes
}

// testSmuggling hides requests where a server that has lost its position would parse them, or would
// read requests as bodies.
func testSmuggling(t *testing.T, f Framework) {
	smuggled := framings[0].signedRequest(bodyOf(1))
	forged := signature(core.Sign("other", []byte("x")))
	outer := "DELETE / HTTP/1.1\r\nHost: localhost\r\n" + contentLength(len(smuggled)) + "\r\n\r\n" + smuggled
	padded := strings.Repeat(" ", core.DefaultMaxBodyBytes) + smuggled
	brokenTrailer := chunk(body) + "0\r\nbroken\r\n\r\n"
	ahead := strings.Repeat(" ", 8<<10) // of a body, as much as fasthttp reads ahead
	get := func(f framing, body string) string { return strings.Replace(f.request(body, forged), "POST", "GET", 1) }
	for name, requests := range map[string]string{
		"in a request that begins like a chunk": framings[1].request(body, forged) + outer,
		"in an unsigned body":                   framings[0].request(smuggled),
		"in an unsigned chunk":                  framings[1].request(smuggled),
		"in an unsigned chunk, unframed":        head(chunkedEncoding) + smuggled,
		"in a forged body":                      framings[0].request(smuggled, forged),
		"in a forged chunk":                     framings[1].request(smuggled, forged),
		"in a body over the limit":              framings[0].request(padded, forged),
		"in a chunk over the limit":             framings[1].request(padded, forged),
		"after a broken chunk":                  head(forged, chunkedEncoding) + "xyz\r\n" + smuggled,
		"after a broken trailer":                head(forged, chunkedEncoding) + brokenTrailer + smuggled,
		"in the body of a GET request":          get(framings[0], smuggled),
		"in a long body of a GET request":       get(framings[0], ahead+smuggled),
		"in a chunk of a GET request":           get(framings[1], smuggled),
	} {
		t.Run(name, func(t *testing.T) {
			url, seen := serve(t, f, App{Scope: OnRouter})
			w := dial(t, url)
			w.send(requests)
			w.hangUp()
			for _, status := range w.rest() {
				assert.GreaterOrEqual(t, status, http.StatusBadRequest)
			}
			record := seen.take()
			assert.Empty(t, record.events)
			assert.Empty(t, record.bodies)
			assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status)
		})
	}
}
