package receiver

import (
	"net/http"
	"strings"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// marked returns a delivery as it is forwarded. RFC 9110 has intermediaries name themselves in Via,
// so that they can tell a loop. The name is this receiver's alone, so that one may forward to
// another, and a replay, which has no name, may be sent to any.
func (r *Receiver) marked(d *store.Delivery) *store.Delivery {
	forwarded := *d
	forwarded.Header = d.Header.Clone()
	forwarded.Header.Add("Via", r.via)
	return &forwarded
}

// isLoop reports whether this receiver has forwarded a request.
func (r *Receiver) isLoop(h http.Header) bool {
	return strings.Contains(strings.Join(h.Values("Via"), ","), r.via)
}
