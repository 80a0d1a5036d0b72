package dedupe

import (
	"errors"
	"net/http"
	"runtime"
)

// FlushFails sends what of an answer is buffered, and reports whether that fails, so that the answer is lost. A writer that can't be
// flushed tells nothing. It is for adapters.
func FlushFails(w http.ResponseWriter) bool {
	err := http.NewResponseController(w).Flush()
	// net/http notices a client that has gone in a goroutine of its own, which a fast handler leaves no time to.
	runtime.Gosched()
	return err != nil && !errors.Is(err, http.ErrNotSupported)
}
