package fiberv3urlr

import (
	"bytes"
	"io"
	"net/http"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/fibers"
)

// verify passes the request to the verifier as an [*http.Request], so that the verifier copies what
// it keeps out of Fiber's buffers.
func verify(c fiber.Ctx, v *core.Verifier) (*core.Event, error) {
	if stream := c.Request().BodyStream(); stream != nil { // fiber.Config.StreamRequestBody
		return verifyStream(c, v, stream)
	}
	if isParsedForm(c) {
		return v.VerifyRequest(newRequest(c, fibers.ParsedForm{}, -1))
	}
	body := c.Request().Body() // as sent; c.Body would decompress it
	return v.VerifyRequest(newRequest(c, bytes.NewReader(body), len(body)))
}

func newRequest(c fiber.Ctx, body io.Reader, length int) *http.Request {
	r := &http.Request{
		Header:        http.Header{core.SignatureHeader: fibers.Signatures(&c.Request().Header)},
		Body:          io.NopCloser(body),
		ContentLength: int64(length),
	}
	return r.WithContext(c.Context())
}

// isParsedForm reports whether Fiber parsed the body as a form.
func isParsedForm(c fiber.Ctx) bool {
	h := &c.Request().Header
	return len(h.MultipartFormBoundary()) > 0 && h.ContentLength() > 0 &&
		len(h.Peek(fiber.HeaderContentEncoding)) == 0 && !c.App().Config().DisablePreParseMultipartForm
}
