package fiberv3urlr

import (
	"io"
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/fibers"
)

func verifyStream(c fiber.Ctx, v *core.Verifier, from io.Reader) (*core.Event, error) {
	length := c.Request().Header.ContentLength()
	if length > c.App().Config().BodyLimit { // fasthttp may then read beyond the body
		from = io.LimitReader(from, int64(length))
		closeConnection(c)
	}
	body := fibers.NewStream(from, length, fasthttp.ErrBodyTooLarge)
	r := newRequest(c, body, length)
	defer leave(c, r, body) // also if an observer panics
	return v.VerifyRequest(r)
}

// leave leaves what r has read of the body to later handlers. If that is not all of it, leave has
// the connection closed: fasthttp would parse the rest as the next request.
func leave(c fiber.Ctx, r *http.Request, body *fibers.Stream) {
	if !body.Stop() {
		closeConnection(c)
	}
	read, _ := io.ReadAll(r.Body) // from memory
	c.Request().SetBodyRaw(read)  // this ends fasthttp's stream
}

type lingerKey struct{}

// closeConnection has the connection closed after the response.
func closeConnection(c fiber.Ctx) {
	c.RequestCtx().SetConnectionClose()
	c.RequestCtx().SetUserValue(lingerKey{}, fibers.Lingerer{Connection: c.RequestCtx().Conn()})
}
