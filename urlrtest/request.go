package urlrtest

import (
	"bytes"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A RequestOption changes what [NewRequest] sends.
type RequestOption func(*requestConfig)

type requestConfig struct {
	generation Generation
}

// InGeneration sends the body of a generation. Default: [Latest].
func InGeneration(g Generation) RequestOption {
	return func(c *requestConfig) { c.generation = g }
}

// NewRequest returns a delivery of e as URLR makes it: a POST of [Body], signed with secret. The target is a URL, or a path for
// handlers that are called without a network. The request works with a handler's ServeHTTP, with Fiber's app.Test and with a
// client. It panics if the target is not a URL.
func NewRequest(target, secret string, e *core.Event, opts ...RequestOption) *http.Request {
	c := requestConfig{generation: Latest}
	for _, opt := range opts {
		opt(&c)
	}
	return NewRequestWithBody(target, secret, Body(e, c.generation))
}

// NewRequestWithBody is like [NewRequest] with any body, authentic if secret is the right one.
func NewRequestWithBody(target, secret string, body []byte) *http.Request {
	return newRequest(target, core.Sign(secret, body), body)
}

func newRequest(target, signature string, body []byte) *http.Request {
	r, err := http.NewRequest(http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		panic("urlrtest: target is not a URL: " + err.Error())
	}
	if r.Host == "" {
		r.Host = "example.com" // as httptest.NewRequest has it
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	r.Header.Set("User-Agent", "URLR")
	r.Header.Set(core.SignatureHeader, signature)
	return r
}
