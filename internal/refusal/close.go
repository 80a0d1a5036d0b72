// Package refusal is shared by the adapters for frameworks based on net/http. It helps them refuse
// a request.
package refusal

import (
	"io"
	"net/http"
)

// CloseUnread makes the response close the connection, unless core.Verifier.VerifyRequest has read
// the body of r to its end. Call it before writing the response. Otherwise net/http would wait for
// up to 256 KiB of the body before responding, and a client that waits for the response would
// deadlock with it until a timeout.
//
// HTTP/2 resets the single stream instead.
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
