package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
)

func testSignatures(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	good := core.Sign(secret, []byte(body))
	bad := core.Sign("another secret", []byte(body))
	for _, test := range []struct {
		name       string
		signatures []string
		want       error
	}{
		{"good", []string{good}, nil},
		{"upper case", []string{strings.ToUpper(good)}, nil},
		{"empty", []string{""}, core.ErrNoSignature},
		{"good and bad", []string{good, bad}, core.ErrMalformedSignature},
		{"bad and good", []string{bad, good}, core.ErrMalformedSignature},
		{"good twice", []string{good, good}, core.ErrMalformedSignature},
		{"empty and good", []string{"", good}, core.ErrMalformedSignature},
		{"good and empty", []string{good, ""}, core.ErrMalformedSignature},
		{"joined", []string{good + ", " + bad}, core.ErrMalformedSignature},
		{"prefixed", []string{"sha256=" + good}, core.ErrMalformedSignature},
		{"hexadecimal prefix", []string{"0x" + good}, core.ErrMalformedSignature},
		{"short", []string{good[:63]}, core.ErrMalformedSignature},
		{"truncated", []string{good[:32]}, core.ErrMalformedSignature},
		{"long", []string{good + "0"}, core.ErrMalformedSignature},
		{"not hexadecimal", []string{"g" + good[1:]}, core.ErrMalformedSignature},
		{"quoted", []string{`"` + good + `"`}, core.ErrMalformedSignature},
		{"other", []string{bad}, core.ErrSignatureMismatch},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := send(t, url, delivery{body: body, signatures: test.signatures})
			if test.want != nil {
				checkRefused(t, f, got, seen, test.want)
				return
			}
			assert.Equal(t, http.StatusNoContent, got.status)
			seen.takeEvent()
		})
	}
}

// testSignatureLines writes the header in ways that a net/http client does not.
func testSignatureLines(t *testing.T, f Framework) {
	good := core.Sign(secret, []byte(body))
	bad := core.Sign("another secret", []byte(body))
	for _, test := range []struct {
		name  string
		lines []string
		want  error
	}{
		{"as URLR spells it", []string{"x-signature: " + good}, nil},
		{"in capitals", []string{"X-SIGNATURE: " + good}, nil},
		{"without whitespace", []string{"X-Signature:" + good}, nil},
		{"with spaces", []string{"X-Signature:   " + good + "  "}, nil},
		{"with tabs", []string{"X-Signature:\t" + good + "\t"}, nil}, // RFC 9110, section 5.5
		{"with both", []string{"X-Signature: \t \t" + good + " \t "}, nil},
		{"only whitespace", []string{"X-Signature: \t "}, core.ErrNoSignature},
		{"nothing", []string{"X-Signature:"}, core.ErrNoSignature},
		{"whitespace within", []string{"X-Signature: " + good[:32] + "\t" + good[32:]}, core.ErrMalformedSignature},
		{"two spellings", []string{"x-signature: " + good, "X-SIGNATURE: " + good}, core.ErrMalformedSignature},
		{"two spellings, one bad", []string{"x-signature: " + good, "X-Signature: " + bad}, core.ErrMalformedSignature},
		{"in the value of another header", []string{"X-Other: X-Signature: " + good}, core.ErrNoSignature},
		{"other names", []string{"X_Signature: " + good, "Signature: " + good}, core.ErrNoSignature},
	} {
		for _, framing := range framings {
			t.Run(test.name+", "+framing.name, func(t *testing.T) {
				url, seen := serve(t, f, App{})
				w := dial(t, url)
				w.send(framing.request(body, test.lines...))
				got := w.answer()
				if test.want != nil {
					checkRefused(t, f, got, seen, test.want)
					return
				}
				assert.Equal(t, http.StatusNoContent, got.status)
				seen.takeEvent()
			})
		}
	}
}

// testOddSignatureLines sends lines that a server may refuse itself, or not respond to. It must not
// accept a signature from them.
func testOddSignatureLines(t *testing.T, f Framework) {
	good := core.Sign(secret, []byte(body))
	for name, line := range map[string]string{
		"space before the colon":             "X-Signature : " + good,
		"space before the name":              " X-Signature: " + good,
		"NUL in the value":                   "X-Signature: " + good + "\x00",
		"CR in the value":                    "X-Signature: " + good + "\rX-Other: a",
		"no-break space":                     "X-Signature: \u00a0" + good,
		"vertical tab":                       "X-Signature: \v" + good,
		"folded within":                      "X-Signature: " + good[:32] + "\r\n " + good[32:],
		"two, one of them folded":            "X-Signature: " + good + "\r\nX-Signature:\r\n\t" + good,
		"in a folded line of another header": "X-Other: a\r\n X-Signature: " + good,
	} {
		for _, framing := range framings {
			t.Run(name+", "+framing.name, func(t *testing.T) {
				url, seen := serve(t, f, App{})
				w := dial(t, url)
				w.send(framing.request(body, line))
				w.hangUp()
				for _, status := range w.rest() {
					assert.Contains(t, []int{http.StatusBadRequest, http.StatusUnauthorized}, status)
				}
				record := seen.take()
				assert.Empty(t, record.events)
				assert.Empty(t, record.bodies)
			})
		}
	}
}

// testTrailers sends a signature after a chunked body. A trailer must not count as the header (RFC
// 9110, section 6.5), because the body has been read by then, and a proxy that checks headers has
// passed it on.
func testTrailers(t *testing.T, f Framework) {
	good := core.Sign(secret, []byte(body))
	bad := core.Sign("another secret", []byte(body))
	for _, test := range []struct {
		name            string
		header, trailer []string
		want            error
	}{
		{"signature", nil, []string{signature(good)}, core.ErrNoSignature},
		{"announced signature", []string{"Trailer: X-Signature"}, []string{signature(good)}, core.ErrNoSignature},
		{"second signature", []string{signature(bad)}, []string{signature(good)}, core.ErrSignatureMismatch},
		{"good and bad signature", []string{signature(good)}, []string{signature(bad)}, nil},
		{"malformed and good", []string{signature("x")}, []string{signature(good)}, core.ErrMalformedSignature},
		{"another header", []string{signature(good)}, []string{"X-Other: a"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			url, seen := serve(t, f, App{})
			w := dial(t, url)
			trailer := "0\r\n" + strings.Join(test.trailer, "\r\n") + "\r\n\r\n"
			w.send(head(append(test.header, chunkedEncoding)...), chunk(body), trailer)
			got := w.answer()
			if test.want != nil {
				checkRefused(t, f, got, seen, test.want)
				return
			}
			assert.Equal(t, http.StatusNoContent, got.status)
			seen.takeEvent()
			w.send(framings[1].signedRequest(body))
			assert.Equal(t, http.StatusNoContent, w.answer().status)
		})
	}
}
