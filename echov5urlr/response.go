package echov5urlr

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

// A flusher is a response that reports flush errors, which Echo's own Flush drops.
type flusher struct{ http.ResponseWriter }

// FlushError is called by [http.ResponseController]. It flushes the writers that middleware has
// wrapped around Echo's response, if any, and then the writer below that response.
func (f flusher) FlushError() error {
	response, err := echo.UnwrapResponse(f.ResponseWriter)
	if err != nil || f.ResponseWriter != http.ResponseWriter(response) {
		flushErr := http.NewResponseController(f.ResponseWriter).Flush()
		if err != nil || flushErr != nil { // no response of Echo's below, or flushing failed
			return flushErr
		}
	}
	return http.NewResponseController(response.ResponseWriter).Flush()
}

// Unwrap is called by [http.ResponseController] and [echo.UnwrapResponse].
func (f flusher) Unwrap() http.ResponseWriter { return f.ResponseWriter }

// committedStatus returns the status that was written to Echo's response, or 0 if none was.
func committedStatus(w http.ResponseWriter) int {
	if response, err := echo.UnwrapResponse(w); err == nil && response.Committed {
		return response.Status
	}
	return 0
}
