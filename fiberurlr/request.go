package fiberurlr

import (
	"bytes"
	"io"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
)

// verify has the verifier read the request through a *http.Request, so that it copies what it keeps out of Fiber's buffers.
func verify(c *fiber.Ctx, v *core.Verifier) (*core.Event, error) {
	r := newRequest(c).WithContext(c.UserContext())
	e, err := v.VerifyRequest(r)
	if err == nil && c.Request().IsBodyStream() {
		err = putBack(c, r.Body)
	}
	return e, err
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

// putBack lets later handlers read a streamed body again.
func putBack(c *fiber.Ctx, body io.Reader) error {
	b, err := io.ReadAll(body)
	c.Request().SetBodyRaw(b)
	return err
}
