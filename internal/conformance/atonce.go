package conformance

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// testAtOnce sends only the beginning of a request that can be refused for it, and waits for the
// response.
func testAtOnce(t *testing.T, f Framework) {
	if f.ReadAhead == ReadsAll {
		return // such a framework calls no handler before it has read the body
	}
	good := signature(core.Sign(secret, []byte(body)))
	declared := func(n int) (string, string) {
		return contentLength(n), strings.Repeat(" ", min(n, f.ReadAhead))
	}
	large, largeStart := declared(10 << 20)
	medium, mediumStart := declared(core.DefaultMaxBodyBytes + 1) // net/http would read that much before it responds
	small, smallStart := declared(len(body))
	tooMuch := chunk(strings.Repeat(" ", core.DefaultMaxBodyBytes+1))
	for _, test := range []struct {
		name   string
		header []string
		start  string // of the body
		want   error
	}{
		{"no signature, small body", []string{small}, smallStart, core.ErrNoSignature},
		{"no signature, medium body", []string{medium}, mediumStart, core.ErrNoSignature},
		{"no signature, large body", []string{large}, largeStart, core.ErrNoSignature},
		{"no signature, chunked body", []string{chunkedEncoding}, "", core.ErrNoSignature},
		{"no signature, half a chunk", []string{chunkedEncoding}, "ff\r\n{", core.ErrNoSignature},
		{"malformed signature", []string{signature("x"), small}, smallStart, core.ErrMalformedSignature},
		{"malformed signature, chunked", []string{signature("x"), chunkedEncoding}, "", core.ErrMalformedSignature},
		{"two signatures", []string{good, good, large}, largeStart, core.ErrMalformedSignature},
		{"too large", []string{good, medium}, mediumStart, core.ErrBodyTooLarge},
		{"far too large", []string{good, large}, largeStart, core.ErrBodyTooLarge},
		{"too large, chunked body", []string{good, chunkedEncoding}, tooMuch, core.ErrBodyTooLarge},
		{"largest length", []string{good, contentLength(math.MaxInt)}, largeStart, core.ErrBodyTooLarge},
	} {
		for _, expect := range []bool{false, true} {
			t.Run(test.name+", expects 100 Continue "+strconv.FormatBool(expect), func(t *testing.T) {
				url, seen := serve(t, f, App{})
				w := dial(t, url)
				header := test.header
				if expect {
					header = append([]string{"Expect: 100-continue"}, header...)
				}
				w.send(head(header...), test.start)
				got := w.finalAnswer()
				checkRefused(t, f, got, seen, test.want)
				assert.Equal(t, "close", got.header.Get("Connection"))
				w.hangUp()
				assert.Empty(t, w.rest())
			})
		}
	}
}

// testContinue has a client send the body only after 100 Continue.
func testContinue(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, test := range []struct{ length, body string }{
		{contentLength(len(body)), body},
		{chunkedEncoding, chunk(body) + lastChunk},
	} {
		w := dial(t, url)
		w.send(head("Expect: 100-continue", signature(core.Sign(secret, []byte(body))), test.length))
		require.Equal(t, http.StatusContinue, w.answer().status)
		w.send(test.body)
		assert.Equal(t, http.StatusNoContent, w.answer().status)
		seen.takeEvent()
	}
}
