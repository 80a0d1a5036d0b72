package conformance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
)

func testBodyLimit(t *testing.T, f Framework) {
	limit := int64(len(body))
	for _, framing := range framings {
		t.Run(framing.name, func(t *testing.T) {
			url, seen := serve(t, f, App{Options: []core.Option{core.WithMaxBodyBytes(limit)}})
			w := dial(t, url)
			for range 2 {
				w.send(framing.signedRequest(body))
				assert.Equal(t, http.StatusNoContent, w.answer().status)
				seen.takeEvent()
			}
			bodies := []string{body + " ", strings.Repeat(body, 100), strings.Repeat(body, 1000)}
			if framing.name == "byte by byte" {
				bodies = bodies[:2] // a third would be 400,000 chunks
			}
			for _, more := range bodies {
				w := dial(t, url)
				go func() { // the server may close the connection
					_, _ = w.conn.Write([]byte(framing.signedRequest(more)))
				}()
				checkRefused(t, f, w.answer(), seen, core.ErrBodyTooLarge)
			}
		})
	}
}

// testClientsGetRefusals has an ordinary client, which sends its whole body before it reads the
// response.
func testClientsGetRefusals(t *testing.T, f Framework) {
	url, seen := serve(t, f, App{})
	for _, test := range []struct {
		signatures []string
		body       string
		want       error
	}{
		{nil, strings.Repeat(" ", core.DefaultMaxBodyBytes+1), core.ErrBodyTooLarge},
		{nil, strings.Repeat(" ", 200_000), core.ErrBodyTooLarge},
		{[]string{}, strings.Repeat(" ", 200_000), core.ErrNoSignature},
		{[]string{}, body, core.ErrNoSignature},
	} {
		for _, chunked := range []bool{false, true} {
			got := send(t, url, delivery{body: test.body, signatures: test.signatures, chunked: chunked})
			checkRefused(t, f, got, seen, test.want)
		}
	}
}
