package conformance

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// A wire is a raw connection to an App.
type wire struct {
	t      *testing.T
	conn   *net.TCPConn
	reader *bufio.Reader
}

// dial connects to an App. The connection has a deadline of 10 seconds, since the suite's servers
// have no timeouts.
func dial(t *testing.T, url string) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	return &wire{t, conn.(*net.TCPConn), bufio.NewReader(conn)}
}

func (w *wire) send(parts ...string) {
	w.t.Helper()
	_, err := io.WriteString(w.conn, strings.Join(parts, ""))
	require.NoError(w.t, err)
}

// hangUp closes the client's sending side. It can still read.
func (w *wire) hangUp() {
	w.t.Helper()
	require.NoError(w.t, w.conn.CloseWrite())
}

// answer reads the next response, whatever its status.
func (w *wire) answer() answer {
	w.t.Helper()
	got, err := w.tryAnswer()
	require.NoError(w.t, err)
	return got
}

// finalAnswer reads the next response other than 100 Continue.
func (w *wire) finalAnswer() answer {
	w.t.Helper()
	got := w.answer()
	if got.status == http.StatusContinue {
		return w.answer()
	}
	return got
}

func (w *wire) tryAnswer() (answer, error) {
	response, err := http.ReadResponse(w.reader, nil)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if response.Close { // net/http removes the header
		response.Header.Set("Connection", "close")
	}
	return answer{response.StatusCode, response.Header, string(b)}, err
}

// rest reads all responses until the server closes the connection, and returns their statuses.
func (w *wire) rest() (statuses []int) {
	w.t.Helper()
	for {
		got, err := w.tryAnswer()
		if err != nil {
			require.NotErrorIs(w.t, err, os.ErrDeadlineExceeded, "the server does not close the connection")
			return statuses
		}
		statuses = append(statuses, got.status)
	}
}

// head returns the head of a delivery, with additional header lines.
func head(lines ...string) string {
	return "POST " + Path + " HTTP/1.1\r\nHost: localhost\r\n" + strings.Join(append(lines, "\r\n"), "\r\n")
}

func signature(signature string) string { return core.SignatureHeader + ": " + signature }

func contentLength(n int) string { return fmt.Sprintf("Content-Length: %d", n) }

const chunkedEncoding = "Transfer-Encoding: chunked"

// chunk returns a chunk. It returns nothing for an empty one, which would be the last chunk.
func chunk(body string) string {
	if body == "" {
		return ""
	}
	return fmt.Sprintf("%x\r\n%s\r\n", len(body), body)
}

const lastChunk = "0\r\n\r\n"

// A framing is a way to mark the end of a body.
type framing struct {
	name    string
	request func(body string, lines ...string) string
}

var framings = []framing{
	{"declared", func(body string, lines ...string) string {
		return head(append(lines, contentLength(len(body)))...) + body
	}},
	{"chunked", func(body string, lines ...string) string {
		return head(append(lines, chunkedEncoding)...) + chunk(body) + lastChunk
	}},
	{"byte by byte", func(body string, lines ...string) string {
		var b strings.Builder
		b.WriteString(head(append(lines, chunkedEncoding)...))
		for i := range len(body) {
			b.WriteString(chunk(body[i : i+1]))
		}
		return b.String() + lastChunk
	}},
}

// signedRequest returns a delivery with the correct signature.
func (f framing) signedRequest(body string) string {
	return f.request(body, signature(core.Sign(secret, []byte(body))))
}
