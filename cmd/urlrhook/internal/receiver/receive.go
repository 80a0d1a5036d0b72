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

// keptOfLargeBody is how many bytes are kept of a body over the limit.
const keptOfLargeBody = 4 << 10

// receive reads and verifies a delivery. The refusal is the error with which the library refuses
// it, or nil.
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
		claim(d)
		return d, nil
	}
	request.Body = io.NopCloser(bytes.NewReader(d.Body))
	request.ContentLength = d.Length
	event, err := r.verifier.VerifyRequest(request)
	if err != nil {
		d.Problem = err.Error()
		claim(d)
		d.Form = r.formOf(request, d)
		return d, err
	}
	d.Verdict, d.Form = store.Authentic, event.Form().String()
	d.Code, d.Label, d.City, d.Country = event.Link.Code, event.Link.Label, event.City, event.Country
	return d, nil
}

// formOf returns the form of a refused delivery that is authentic nevertheless, or "".
func (r *Receiver) formOf(request *http.Request, d *store.Delivery) string {
	_, form, err := r.verifier.Authenticate(request.Context(), d.Body, d.Signature())
	if err != nil {
		return ""
	}
	return form.String()
}

// readBody reads a body up to the library's limit. It keeps the first bytes of a longer one.
func readBody(d *store.Delivery, request *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(request.Body, core.DefaultMaxBodyBytes+1))
	d.Body, d.Length = body, int64(len(body))
	switch {
	case err != nil:
		d.Length = request.ContentLength
		return core.ErrBodyUnreadable // without err, whose text may quote what the sender wrote
	case len(body) > core.DefaultMaxBodyBytes:
		d.Body, d.Length = body[:keptOfLargeBody], request.ContentLength
		return fmt.Errorf("%w: it is over %d bytes", core.ErrBodyTooLarge, core.DefaultMaxBodyBytes)
	default:
		return nil
	}
}

// claim reads a body that is not verified, to show it and search for it.
func claim(d *store.Delivery) {
	var event struct {
		Link struct {
			Code  string `json:"code"`
			Label string `json:"label"`
		} `json:"link"`
		City    string `json:"city"`
		Country string `json:"country"`
	}
	err := json.Unmarshal(d.Body, &event)
	var wrongType *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &wrongType) {
		return
	}
	d.Code, d.Label, d.City, d.Country = event.Link.Code, event.Link.Label, event.City, event.Country
}
