// Package forward sends deliveries to the application as they were received.
package forward

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const (
	timeout        = 30 * time.Second // for the application's answer
	maxAnswerBytes = 1 << 20          // passed back; the store keeps store.MaxAnswerBytes of it
)

// Send sends a delivery to the application, byte for byte, with its headers except those of the
// connection. It follows no redirects. The answer holds the first MiB of the response's body, or
// the Error if there is no response.
func (c *Client) Send(ctx context.Context, target *url.URL, d *store.Delivery) store.Answer {
	start := time.Now()
	answer := store.Answer{By: target.Redacted()}
	if err := c.exchange(ctx, target, d, &answer); err != nil {
		answer.Status, answer.Error = 0, reason(ctx, err)
	}
	answer.At = time.Now().UTC()
	answer.Duration = time.Since(start)
	return answer
}

func (c *Client) exchange(ctx context.Context, target *url.URL, d *store.Delivery, answer *store.Answer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(d.Body))
	if err != nil {
		return err
	}
	r.Header = WithoutHopByHop(d.Header)
	if r.Header.Get("User-Agent") == "" {
		r.Header["User-Agent"] = nil // not Go's own
	}
	c.AddHeader(r)
	response, err := c.HTTPClient(target).Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if code := response.StatusCode; code < http.StatusOK { // 101 switches protocols; below 100 is no status
		return fmt.Errorf("the application answered with status %03d, which is no answer to a delivery", code)
	}
	answer.Status, answer.Header = response.StatusCode, WithoutHopByHop(response.Header)
	answer.Body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes))
	return err
}

// reason says why there is no answer, without the URL, which is shown anyway.
func reason(ctx context.Context, err error) string {
	var failure *url.Error
	switch {
	case ctx.Err() != nil:
		return "the sender disconnected before the application answered"
	case errors.As(err, &failure) && failure.Timeout():
		return fmt.Sprintf("the application did not answer within %v", timeout)
	case errors.As(err, &failure):
		return failure.Err.Error()
	default:
		return err.Error()
	}
}
