package track_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/track"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func begin(t *testing.T) *dedupe.Attempt {
	t.Helper()
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	e, err := core.MustVerifier("secret").Verify(t.Context(), body, core.Sign("secret", body))
	require.NoError(t, err)
	a, err := dedupe.New(dedupe.NewMemory()).Begin(core.NewContext(context.Background(), e))
	require.NoError(t, err)
	return a
}

// A failingWriter returns one of errs for each flush, in order.
type failingWriter struct {
	http.ResponseWriter
	errs    []error
	flushes int
}

func (w *failingWriter) FlushError() error {
	w.flushes++
	return w.errs[w.flushes-1]
}

var (
	errReset  = errors.New("stream error: stream ID 1; CANCEL") // as in HTTP/2
	errClosed = errors.New("http2: stream closed")
	errBroken = errors.New("broken pipe")
)

func TestFinish(t *testing.T) {
	noContent := func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }
	flushed := func(w http.ResponseWriter) { noContent(w); w.(http.Flusher).Flush() }
	twice := func(w http.ResponseWriter) { flushed(w); w.(http.Flusher).Flush() }
	beginning := func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK); w.(http.Flusher).Flush() }
	for name, test := range map[string]struct {
		respond func(http.ResponseWriter)
		errs    []error
		flushes int
		lost    bool
	}{
		"sent":                           {noContent, []error{nil}, 1, false},
		"broken":                         {noContent, []error{errBroken}, 1, true},
		"the client closes the stream":   {noContent, []error{errReset}, 1, false},
		"the stream is closed":           {noContent, []error{errClosed}, 1, false},
		"complete before":                {flushed, []error{nil}, 1, false},
		"broken before":                  {flushed, []error{errBroken, nil}, 2, true},
		"the beginning is broken":        {beginning, []error{errBroken, nil}, 2, true},
		"reset at the beginning":         {beginning, []error{errReset, nil}, 2, true},
		"broken after the end":           {twice, []error{nil, errBroken}, 2, false},
		"the writer can't be flushed":    {noContent, []error{http.ErrNotSupported}, 1, false},
		"it can't, but was asked before": {flushed, []error{http.ErrNotSupported, http.ErrNotSupported}, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			failing := &failingWriter{ResponseWriter: httptest.NewRecorder(), errs: test.errs}
			w := track.NewWriter(failing, begin(t))
			test.respond(w)
			assert.Equal(t, test.lost, w.Finish())
			assert.Equal(t, test.flushes, failing.flushes)
		})
	}
}

// A response without a body is not flushed through middleware that may compress it.
func TestFinishCompressed(t *testing.T) {
	for name, test := range map[string]struct {
		header, value, body string
		flushes             int
	}{
		"encoded":               {"Content-Encoding", "gzip", "", 0},
		"encoded, with a body":  {"Content-Encoding", "gzip", "body", 1},
		"negotiated":            {"Vary", "Origin, accept-encoding", "", 0},
		"negotiated for others": {"Vary", "Origin", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := httptest.NewRecorder()
			recorder.Header().Set(test.header, test.value)
			failing := &failingWriter{ResponseWriter: recorder, errs: []error{nil}}
			w := track.NewWriter(failing, begin(t))
			w.WriteHeader(http.StatusOK)
			if test.body != "" {
				_, err := w.Write([]byte(test.body))
				require.NoError(t, err)
			}
			assert.False(t, w.Finish())
			assert.Equal(t, test.flushes, failing.flushes)
		})
	}
}

func TestBodyLength(t *testing.T) {
	const unknown = 1 << 62
	for name, test := range map[string]struct {
		status int
		length string
		want   int64
	}{
		"no content": {http.StatusNoContent, "", 0}, "not modified": {http.StatusNotModified, "5", 0},
		"known": {http.StatusOK, "5", 5}, "empty": {http.StatusOK, "0", 0}, "unknown": {http.StatusOK, "", unknown},
		"negative": {http.StatusOK, "-1", unknown}, "nonsense": {http.StatusOK, "x", unknown},
	} {
		header := http.Header{}
		if test.length != "" {
			header.Set("Content-Length", test.length)
		}
		assert.Equal(t, test.want, min(track.BodyLength(test.status, header), unknown), name)
	}
}
