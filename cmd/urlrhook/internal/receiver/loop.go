package receiver

import (
	"net/http"
	"strings"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// marked returns a delivery with this receiver's name in Via, where RFC 9110 lets intermediaries
// recognize a loop. The name is unique, so that receivers can forward to each other, and replays,
// which have none, can go anywhere.
func (r *Receiver) marked(d *store.Delivery) *store.Delivery {
	forwarded := *d
	forwarded.Header = d.Header.Clone()
	forwarded.Header.Add("Via", r.via)
	return &forwarded
}

// isLoop reports whether this receiver has forwarded the request.
func (r *Receiver) isLoop(h http.Header) bool {
	return strings.Contains(strings.Join(h.Values("Via"), ","), r.via)
}
