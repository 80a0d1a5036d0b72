package fiberurlr

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
)

// verify has the verifier read the request through a *http.Request, so that it copies what it keeps out of Fiber's buffers.
func verify(c *fiber.Ctx, v *core.Verifier) (*core.Event, error) {
	r := newRequest(c).WithContext(c.UserContext())
	e, err := v.VerifyRequest(r)
	if !c.Request().IsBodyStream() {
		return e, err
	}
	if err != nil {
		drain(c)
		return nil, err
	}
	return e, putBack(c, r.Body)
}

func newRequest(c *fiber.Ctx) *http.Request {
	r := &http.Request{Header: http.Header{core.SignatureHeader: signatures(c)}}
	if stream := c.Request().BodyStream(); stream != nil { // fiber.Config.StreamRequestBody
		r.Body = io.NopCloser(stream)
		r.ContentLength = max(int64(c.Request().Header.ContentLength()), -1)
		return r
	}
	body := c.BodyRaw() // as sent: Body would decompress
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return r
}

// signatures looks at every header, since fiber.Config.DisableHeaderNormalizing makes Fiber's look-up case-sensitive.
func signatures(c *fiber.Ctx) (values []string) {
	c.Request().Header.VisitAll(func(name, value []byte) {
		if bytes.EqualFold(name, []byte(core.SignatureHeader)) {
			values = append(values, string(value))
		}
	})
	return values
}

// maxDrainedBytes is how much of a refused body is read to keep the connection; it is what net/http reads.
const maxDrainedBytes = 256 << 10

// drain reads what is left of a streamed body, or has the connection closed: fasthttp would take the rest of the body for
// the next request.
func drain(c *fiber.Ctx) {
	if _, err := io.CopyN(io.Discard, c.Request().BodyStream(), maxDrainedBytes); !errors.Is(err, io.EOF) {
		c.Context().SetConnectionClose()
	}
}

// putBack lets later handlers read a streamed body again.
func putBack(c *fiber.Ctx, body io.Reader) error {
	b, err := io.ReadAll(body)
	c.Request().SetBodyRaw(b)
	return err
}
