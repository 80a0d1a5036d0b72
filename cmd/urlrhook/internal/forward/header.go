package forward

import (
	"net/http"
	"strings"
)

// hopByHop are the headers of a connection rather than of a message: RFC 9110, section 7.6.1. The
// Content-Length is set from the body, and Expect has been met when the body is here.
var hopByHop = []string{
	"Connection", "Content-Length", "Expect", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
}

// WithoutHopByHop returns a copy of headers without those of the connection.
func WithoutHopByHop(h http.Header) http.Header {
	kept := h.Clone()
	if kept == nil {
		kept = http.Header{}
	}
	for _, value := range h.Values("Connection") {
		for name := range strings.SplitSeq(value, ",") {
			kept.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hopByHop {
		kept.Del(name)
	}
	return kept
}
