package fibers

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Stream is a body that fasthttp streams. Unlike fasthttp's, it stays at its end: what follows on
// the connection is the next request.
type Stream struct {
	from     io.Reader
	tooLarge error
	isOver   bool // nothing more is to be read
	isRead   bool // to its end
}

// NewStream returns a Stream of what from reads. A length of 0 is that of an empty body. tooLarge is
// fasthttp's error for a body over its limit.
func NewStream(from io.Reader, length int, tooLarge error) *Stream {
	return &Stream{from: from, tooLarge: tooLarge, isRead: length == 0}
}

// Read implements [io.Reader].
func (s *Stream) Read(p []byte) (int, error) {
	if s.isOver {
		return 0, io.EOF
	}
	n, err := s.from.Read(p)
	if err != nil {
		s.isOver, s.isRead = true, err == io.EOF //nolint:errorlint // a wrapped end comes early
	}
	if errors.Is(err, s.tooLarge) {
		err = fmt.Errorf("%w: %w", core.ErrBodyTooLarge, err)
	}
	return n, err
}

// Stop ends the Stream, and reports whether the body was read to its end.
func (s *Stream) Stop() (isRead bool) {
	s.isOver = true
	return s.isRead
}

const (
	lingerTime  = 500 * time.Millisecond // as net/http does
	lingerBytes = 256 << 10
)

// A Lingerer takes what the client is still sending, for a moment. A connection that is closed with
// something unread is reset, and then the client may not get the answer. Make it a user value of a
// request whose connection is to be closed: fasthttp closes those after the answer is written and
// before the connection is closed.
type Lingerer struct{ Connection net.Conn }

// Close implements [io.Closer].
func (l Lingerer) Close() error {
	half, ok := l.Connection.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	if err := half.CloseWrite(); err != nil {
		return err
	}
	if err := l.Connection.SetReadDeadline(time.Now().Add(lingerTime)); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, l.Connection, lingerBytes)
	return err
}
