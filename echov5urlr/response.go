package echov5urlr

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

// A flusher is a response that reports the errors of flushing it: Echo's own Flush drops them.
type flusher struct{ http.ResponseWriter }

// FlushError is for [http.ResponseController]. It flushes what middleware has put around Echo's
// response, if there is any, and then what is below that response.
func (f flusher) FlushError() error {
	response, err := echo.UnwrapResponse(f.ResponseWriter)
	if err != nil || f.ResponseWriter != http.ResponseWriter(response) {
		flushErr := http.NewResponseController(f.ResponseWriter).Flush()
		if err != nil || flushErr != nil { // there is nothing of Echo's below, or nothing can be flushed
			return flushErr
		}
	}
	return http.NewResponseController(response.ResponseWriter).Flush()
}

// Unwrap is for [http.ResponseController] and [echo.UnwrapResponse].
func (f flusher) Unwrap() http.ResponseWriter { return f.ResponseWriter }

// committedStatus returns the status that was written to a response, or 0 if none was, as far as Echo
// knows.
func committedStatus(w http.ResponseWriter) int {
	if response, err := echo.UnwrapResponse(w); err == nil && response.Committed {
		return response.Status
	}
	return 0
}
