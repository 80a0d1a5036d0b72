package dedupe

import (
	"errors"
	"net/http"
	"runtime"
)

// FlushFails sends what of the answer is buffered, and reports whether that fails, so that the answer is lost. A writer that can't be
// flushed tells nothing. It calls [Attempt.Answering]. It is for adapters.
func (a *Attempt) FlushFails(w http.ResponseWriter) bool {
	// net/http notices a client that has gone in a goroutine of its own, which a fast handler leaves no time to.
	runtime.Gosched()
	a.Answering()
	err := http.NewResponseController(w).Flush()
	return err != nil && !errors.Is(err, http.ErrNotSupported)
}
