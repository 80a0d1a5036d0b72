package fiberurlr

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
)

// verify has the verifier read the request through a *http.Request, so that it copies what it keeps
// out of Fiber's buffers.
func verify(c *fiber.Ctx, v *core.Verifier) (*core.Event, error) {
	if stream := c.Request().BodyStream(); stream != nil { // fiber.Config.StreamRequestBody
		return verifyStream(c, v, stream)
	}
	if isParsedForm(c) {
		return v.VerifyRequest(newRequest(c, formBody{}, -1))
	}
	body := c.BodyRaw() // as sent: Body would decompress
	return v.VerifyRequest(newRequest(c, bytes.NewReader(body), len(body)))
}

func newRequest(c *fiber.Ctx, body io.Reader, length int) *http.Request {
	r := &http.Request{
		Header:        http.Header{core.SignatureHeader: signatures(&c.Request().Header)},
		Body:          io.NopCloser(body),
		ContentLength: int64(length),
	}
	return r.WithContext(c.UserContext())
}

// signatures returns the values of the signature header. It looks at every header, since
// fiber.Config.DisableHeaderNormalizing makes Fiber's look-up case-sensitive.
func signatures(h *fasthttp.RequestHeader) (values []string) {
	h.VisitAll(func(name, value []byte) {
		if isSignature(name) {
			// RFC 9110, section 5.5, also lets senders put tabs around a value; fasthttp leaves
			// them.
			values = append(values, string(bytes.Trim(value, " \t")))
		}
	})
	if h.ContentLength() > 0 {
		return values
	}
	return values[:min(len(values), signaturesBeforeTrailer(h))]
}

// signaturesBeforeTrailer returns how many signature headers came before the body, where that is
// chunked. fasthttp appends the fields of the trailer to the header.
func signaturesBeforeTrailer(h *fasthttp.RequestHeader) int {
	received, isChunked := 0, false
	for line := range bytes.Lines(h.RawHeaders()) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch {
		case isSignature(name):
			received++
		case bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding)):
			isChunked = true
		}
	}
	if !isChunked {
		return math.MaxInt // whatever is there, other middleware has set
	}
	return received
}

func isSignature(name []byte) bool { return bytes.EqualFold(name, []byte(core.SignatureHeader)) }

// isParsedForm reports whether Fiber has parsed the body as a form, which loses its bytes: to get a
// body like it, Fiber would have to write the form.
func isParsedForm(c *fiber.Ctx) bool {
	h := &c.Request().Header
	return len(h.MultipartFormBoundary()) > 0 && h.ContentLength() > 0 &&
		len(h.Peek(fiber.HeaderContentEncoding)) == 0 && !c.App().Config().DisablePreParseMultipartForm
}

// A formBody is a body that Fiber has parsed.
type formBody struct{}

var errParsedForm = errors.New("urlr: Fiber has parsed the body as a form: set DisablePreParseMultipartForm")

// Read implements [io.Reader].
func (formBody) Read([]byte) (int, error) { return 0, errParsedForm }
