package nethttpurlr

import (
	"bufio"
	"net"
	"net/http"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/refusal"
)

// refuse responds to a request that was refused with err. If nothing were written, net/http would
// send 200.
func (cfg *Config) refuse(w http.ResponseWriter, r *http.Request, err error) {
	refusal.CloseUnread(w, r)
	if cfg.ErrorHandler != nil {
		watched := &watchedWriter{ResponseWriter: w, status: core.StatusCode(err)}
		cfg.ErrorHandler(watched, r, err)
		if watched.hasBegun {
			return
		}
	}
	core.WriteProblem(w, err)
}

// A watchedWriter notes whether a response was started. Its default status is that of the error,
// instead of 200.
type watchedWriter struct {
	http.ResponseWriter
	status   int
	hasBegun bool
}

// WriteHeader implements [http.ResponseWriter].
func (w *watchedWriter) WriteHeader(status int) {
	isInformational := status < http.StatusOK && status != http.StatusSwitchingProtocols
	w.hasBegun = w.hasBegun || !isInformational
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *watchedWriter) Write(p []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(p)
}

func (w *watchedWriter) begin() {
	if !w.hasBegun {
		w.WriteHeader(w.status)
	}
}

// FlushError is called by [http.ResponseController].
func (w *watchedWriter) FlushError() error {
	w.begin()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Flush implements [http.Flusher].
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// Hijack implements [http.Hijacker].
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hasBegun = w.hasBegun || err == nil
	return connection, buffered, err
}

// Unwrap is called by [http.ResponseController].
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
