package receiver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
)

// keptOfLargeBody is how much is kept of a body that is over the limit.
const keptOfLargeBody = 4 << 10

// receive reads and verifies a delivery. The refusal is what the library would answer with; nil if it would accept.
func (r *Receiver) receive(request *http.Request) (d *store.Delivery, refusal error) {
	d = &store.Delivery{
		Received: time.Now().UTC().Truncate(time.Microsecond),
		Remote:   request.RemoteAddr,
		Path:     request.URL.RequestURI(),
		Header:   request.Header.Clone(),
		Verdict:  store.Refused,
	}
	if err := readBody(d, request); err != nil {
		d.Problem = err.Error()
		return d, err
	}
	if r.verifier == nil {
		d.Verdict = store.Unchecked
		d.Code, d.Country = claimed(d.Body)
		return d, nil
	}
	request.Body = io.NopCloser(bytes.NewReader(d.Body))
	request.ContentLength = d.Length
	event, err := r.verifier.VerifyRequest(request)
	if err != nil {
		d.Problem = err.Error()
		d.Code, d.Country = claimed(d.Body)
		return d, err
	}
	d.Verdict, d.Form = store.Authentic, event.Form().String()
	d.Code, d.Country = event.Link.Code, event.Country
	return d, nil
}

// readBody reads the body under the library's limit. Of a longer one, the first bytes are kept.
func readBody(d *store.Delivery, request *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(request.Body, core.DefaultMaxBodyBytes+1))
	d.Body, d.Length = body, int64(len(body))
	switch {
	case err != nil:
		d.Length = request.ContentLength
		return fmt.Errorf("%w: %w", core.ErrBodyUnreadable, err)
	case len(body) > core.DefaultMaxBodyBytes:
		d.Body, d.Length = body[:keptOfLargeBody], request.ContentLength
		return fmt.Errorf("%w: it is over %d bytes", core.ErrBodyTooLarge, core.DefaultMaxBodyBytes)
	default:
		return nil
	}
}

// claimed reads what a body says that nobody has verified, to be shown and searched for.
func claimed(body []byte) (code, country string) {
	var event struct {
		Link struct {
			Code string `json:"code"`
		} `json:"link"`
		Country string `json:"country"`
	}
	err := json.Unmarshal(body, &event)
	var wrongType *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &wrongType) {
		return "", ""
	}
	return event.Link.Code, event.Country
}
