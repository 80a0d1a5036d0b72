package urlrtest

import (
	"bytes"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A RequestOption changes the request returned by [NewRequest].
type RequestOption func(*requestConfig)

type requestConfig struct {
	generation Generation
}

// InGeneration encodes the body in generation g. The default is [Latest].
func InGeneration(g Generation) RequestOption {
	return func(c *requestConfig) { c.generation = g }
}

// NewRequest returns a delivery of e as URLR sends it: a POST of [Body], signed with secret. target
// is a URL, or a path if the handler is called without a network. The request works with a
// handler's ServeHTTP, with Fiber's app.Test and with an http.Client.
//
// It panics if target is not a valid URL.
func NewRequest(target, secret string, e *core.Event, opts ...RequestOption) *http.Request {
	c := requestConfig{generation: Latest}
	for _, opt := range opts {
		opt(&c)
	}
	return NewRequestWithBody(target, secret, Body(e, c.generation))
}

// NewRequestWithBody is like [NewRequest] but takes any body. The request is authentic if the
// receiver uses the same secret.
func NewRequestWithBody(target, secret string, body []byte) *http.Request {
	return newRequest(target, core.Sign(secret, body), body)
}

func newRequest(target, signature string, body []byte) *http.Request {
	r, err := http.NewRequest(http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		panic("urlrtest: invalid target: " + err.Error())
	}
	if r.Host == "" {
		r.Host = "example.com" // like httptest.NewRequest
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	r.Header.Set("User-Agent", "URLR")
	r.Header.Set(core.SignatureHeader, signature)
	return r
}
