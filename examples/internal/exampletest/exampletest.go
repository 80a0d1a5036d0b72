// Package exampletest tests the examples with deliveries like those of URLR.
package exampletest

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Secret is the secret that the tests pass to the examples.
const Secret = "whsec_example"

// Body is the body of a delivery of a click.
const Body = `{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11","code":"yBPhx",` +
	`"folder_id":"6a2f7c70"},"country":"FR","city":"Cr\u00e9hen","system":"GNU\/Linux","browser":"Firefox",` +
	`"referer":null,"is_qrcode":false,"is_unique":true,"timestamp":1780000000}`

// Path is the path at which all examples receive deliveries.
const Path = "/webhooks/urlr"

// A Response is the response to a delivery.
type Response struct {
	Status int
	Header http.Header
}

// Send posts a body, signed with secret, to the example at a base URL.
func Send(t testing.TB, url, secret, body string) Response {
	t.Helper()
	r := urlrtest.NewRequestWithBody(url+Path, secret, []byte(body)).WithContext(t.Context())
	// no keep-alive: a server shutting down waits for connections without a request
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return Response{response.StatusCode, response.Header}
}

// Check sends an authentic and a forged delivery to the example at a base URL, and checks that only
// the authentic one is accepted and recorded.
func Check(t *testing.T, url string, recorded *Recorder) {
	t.Helper()
	assert.Equal(t, http.StatusNoContent, Send(t, url, Secret, Body).Status)
	assert.Equal(t, []string{"yBPhx"}, recorded.Codes())
	assert.Equal(t, http.StatusUnauthorized, Send(t, url, "forged", Body).Status)
	assert.Equal(t, []string{"yBPhx"}, recorded.Codes())
}

// CheckHandler is [Check] for an http.Handler.
func CheckHandler(t *testing.T, h http.Handler, recorded *Recorder) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	Check(t, server.URL, recorded)
}

// CheckServer is [Check] for a server with its own serve and shutdown functions.
func CheckServer(
	t *testing.T, serve func(net.Listener) error, shutdown func(timeout time.Duration) error, recorded *Recorder,
) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- serve(listener) }()
	defer func() {
		assert.NoError(t, shutdown(10*time.Second))
		assert.NoError(t, <-done)
	}()
	Check(t, "http://"+listener.Addr().String(), recorded)
}
