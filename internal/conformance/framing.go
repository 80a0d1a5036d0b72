package conformance

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
)

// testBrokenBody truncates bodies. A server may respond to a broken request itself, or not at all.
func testBrokenBody(t *testing.T, f Framework) {
	good := signature(core.Sign(secret, []byte(body)))
	declared, chunked := head(good, contentLength(len(body))), head(good, chunkedEncoding)
	half := body[:len(body)/2]
	long := body + strings.Repeat(" ", 20<<10) // more than Fiber reads ahead of a streamed body
	longSignature := signature(core.Sign(secret, []byte(long)))
	for name, request := range map[string]string{
		"half a declared body":        declared + half,
		"no body":                     declared,
		"half a long declared body":   head(longSignature, contentLength(len(long))) + long[:len(long)/2],
		"less than the declared body": head(longSignature, contentLength(len(long)+1)) + long,
		"half a chunk":                chunked + fmt.Sprintf("%x\r\n%s", len(body), half),
		"half of the chunks":          chunked + chunk(half),
		"half a chunk size":           chunked + "1",
		"no chunk":                    chunked,
		"broken chunk":                chunked + "xyz\r\n" + body + "\r\n",
		"longer than a chunk":         chunked + "1\r\n" + body + "\r\n" + lastChunk,
	} {
		t.Run(name, func(t *testing.T) {
			url, seen := serve(t, f, App{})
			w := dial(t, url)
			w.send(request)
			w.hangUp()
			allowed := []int{http.StatusBadRequest}
			if strings.Contains(request, chunkedEncoding) {
				allowed = append(allowed, http.StatusUnauthorized) // see fibers.Stream
			}
			for _, status := range w.rest() {
				assert.Contains(t, allowed, status)
			}
			_ = seen.takeError()
			assert.Equal(t, http.StatusNoContent, send(t, url, delivery{body: body}).status)
		})
	}
}

// A logBuffer is a log that is safe for concurrent use.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// testLog breaks the framing while the next request is already in the server's buffer. Servers
// quote that buffer in their errors.
func testLog(t *testing.T, f Framework) {
	next := framings[0].signedRequest(body)
	forged := signature(core.Sign("other", []byte("x")))
	for name, body := range map[string]string{
		"broken trailer":    chunk("{}") + "0\r\nbroken\r\n\r\n",
		"no end of trailer": chunk("{}") + "0\r\n",
		"broken chunk size": "xyz\r\n",
		"broken chunk":      "1\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			log := new(logBuffer)
			observer := core.WithObserver(core.LogObserver(slog.New(slog.NewTextHandler(log, nil))))
			url, seen := serve(t, f, App{Options: []core.Option{observer}})
			w := dial(t, url)
			w.send(head(forged, chunkedEncoding), body, next)
			w.hangUp()
			w.rest()
			text := log.String()
			for _, err := range seen.take().errs {
				if errors.Is(err, core.ErrBodyUnreadable) { // other errors are the framework's
					text += err.Error()
				}
			}
			for _, leak := range []string{"POST", "X-Signature", core.Sign(secret, []byte(body)), "yBPhx", "broken"} {
				assert.NotContains(t, text, leak)
			}
			if f.ReadAhead != ReadsAll {
				assert.Contains(t, text, "body unreadable")
			}
		})
	}
}
