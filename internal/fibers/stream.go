package fibers

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Stream is a body that fasthttp streams. Unlike fasthttp's, it never reads beyond its end, where
// the next request starts, and fails if a body is shorter than declared. It can't tell the end of
// the connection between two chunks from the last chunk.
type Stream struct {
	from     io.Reader
	left     int // bytes of a declared body
	tooLarge error
	isOver   bool // at the end, failed, or stopped
	isRead   bool // read to its end
}

// NewStream returns a Stream that reads from. length is the declared length, negative for a chunked
// body. tooLarge is fasthttp's error for a body over its limit.
func NewStream(from io.Reader, length int, tooLarge error) *Stream {
	return &Stream{from: from, left: max(length, 0), tooLarge: tooLarge, isRead: length == 0}
}

// Read implements [io.Reader].
func (s *Stream) Read(p []byte) (int, error) {
	if s.isOver {
		return 0, io.EOF
	}
	n, err := s.from.Read(p)
	s.left -= n
	if err != nil {
		isEnd := err == io.EOF //nolint:errorlint // a wrapped EOF means that the body ended early
		s.isOver, s.isRead = true, isEnd && s.left <= 0
		if isEnd && !s.isRead {
			err = io.ErrUnexpectedEOF
		}
	}
	if errors.Is(err, s.tooLarge) {
		err = fmt.Errorf("%w: %w", core.ErrBodyTooLarge, err)
	}
	return n, err
}

// Stop ends the Stream and reports whether the body was read to its end.
func (s *Stream) Stop() (isRead bool) {
	s.isOver = true
	return s.isRead
}

const (
	lingerTime  = 500 * time.Millisecond // as in net/http
	lingerBytes = 256 << 10
)

// A Lingerer briefly reads what the client is still sending. Closing a connection with unread data
// resets it, and the client may then lose the response. Set a Lingerer as a user value of a request
// whose connection will be closed: fasthttp closes user values after it has written the response
// and before it closes the connection.
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
