package fiberurlr

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
)

// A stream is a body that fasthttp streams. Unlike fasthttp's, it stays at its end: what follows on
// the connection is the next request.
type stream struct {
	from   io.Reader
	isOver bool // nothing more is to be read
	isRead bool // to its end
}

// Read implements [io.Reader].
func (s *stream) Read(p []byte) (int, error) {
	if s.isOver {
		return 0, io.EOF
	}
	n, err := s.from.Read(p)
	if err != nil {
		s.isOver, s.isRead = true, err == io.EOF //nolint:errorlint // a wrapped end comes early
	}
	if errors.Is(err, fasthttp.ErrBodyTooLarge) {
		err = fmt.Errorf("%w: %w", core.ErrBodyTooLarge, err)
	}
	return n, err
}

func verifyStream(c *fiber.Ctx, v *core.Verifier, from io.Reader) (*core.Event, error) {
	length := c.Request().Header.ContentLength()
	body := &stream{from: from, isRead: length == 0}
	if length > c.App().Config().BodyLimit { // then, fasthttp may read beyond the body
		body.from = io.LimitReader(from, int64(length))
		closeConnection(c)
	}
	r := newRequest(c, body, length)
	defer body.leave(c, r) // also if an observer panics
	return v.VerifyRequest(r)
}

// leave leaves to later handlers what r has read of the body. Where that is not all of it, the
// connection is closed: fasthttp would take the rest for the next request.
func (s *stream) leave(c *fiber.Ctx, r *http.Request) {
	s.isOver = true
	if !s.isRead {
		closeConnection(c)
	}
	read, _ := io.ReadAll(r.Body) // from memory
	c.Request().SetBodyRaw(read)  // which ends fasthttp's stream
}

const (
	lingerTime  = 500 * time.Millisecond // as net/http does
	lingerBytes = 256 << 10
)

// closeConnection has the connection closed after the answer.
func closeConnection(c *fiber.Ctx) {
	c.Context().SetConnectionClose()
	c.Context().SetUserValue(lingerKey{}, lingerer{c.Context().Conn()})
}

type lingerKey struct{}

// A lingerer takes what the client is still sending, for a moment. A connection that is closed with
// something unread is reset, and then the client may not get the answer. It is a user value of the
// request, which fasthttp closes after the answer is written and before the connection is closed.
type lingerer struct{ connection net.Conn }

// Close implements [io.Closer].
func (l lingerer) Close() error {
	half, ok := l.connection.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	if err := half.CloseWrite(); err != nil {
		return err
	}
	if err := l.connection.SetReadDeadline(time.Now().Add(lingerTime)); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, l.connection, lingerBytes)
	return err
}
