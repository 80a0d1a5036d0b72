// Package exampletest sends deliveries to the examples, as URLR does.
package exampletest

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Secret is what the tests configure the examples with.
const Secret = "whsec_example"

// Body is a delivery of a click.
const Body = `{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11","code":"yBPhx","folder_id":"6a2f7c70"},"country":"FR","city":"Cr\u00e9hen","system":"GNU\/Linux","browser":"Firefox","referer":null,"is_qrcode":false,"is_unique":true,"timestamp":1780000000}`

// Path is where all examples receive deliveries.
const Path = "/webhooks/urlr"

// An Answer is what became of a delivery.
type Answer struct {
	Status int
	Header http.Header
}

// Send posts a body that is signed with a secret to an example at a base URL.
func Send(t testing.TB, url, secret, body string) Answer {
	t.Helper()
	r := urlrtest.NewRequestWithBody(url+Path, secret, []byte(body)).WithContext(t.Context())
	// a server that shuts down waits for connections that it has heard nothing of
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return Answer{response.StatusCode, response.Header}
}

// Check sends an authentic and a forged delivery, and checks that the authentic one alone is accepted and recorded.
func Check(t *testing.T, url string, recorded *Recorder) {
	t.Helper()
	assert.Equal(t, http.StatusNoContent, Send(t, url, Secret, Body).Status)
	assert.Equal(t, []string{"yBPhx"}, recorded.Codes())
	assert.Equal(t, http.StatusUnauthorized, Send(t, url, "forged", Body).Status)
	assert.Equal(t, []string{"yBPhx"}, recorded.Codes())
}
