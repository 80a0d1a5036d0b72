// Package refusal has what the adapters of frameworks over net/http share when they refuse a
// request.
package refusal

import (
	"io"
	"net/http"
)

// CloseUnread has the connection of r closed after the answer that w is going to write, unless
// core.Verifier.VerifyRequest has read the body of r to its end. Otherwise net/http would wait for
// up to 256 KiB of that body before it answers, and a client that sends none, or waits for the
// answer first, would wait as well.
//
// HTTP/2 does not need it: there, a single stream is reset.
func CloseUnread(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 && !isRead(r.Body) {
		w.Header().Set("Connection", "close")
	}
}

func isRead(body io.ReadCloser) bool {
	if body == nil || body == http.NoBody {
		return true
	}
	again, ok := body.(interface{ IsComplete() bool })
	return ok && again.IsComplete()
}
