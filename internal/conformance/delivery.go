package conformance

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_conformance"

// event is the event of all deliveries, except for the link codes.
func event() *core.Event {
	e := urlrtest.NewEvent()
	e.Timestamp = time.Date(2023, 10, 15, 19, 28, 46, 0, time.UTC)
	*e.IsQRCode, *e.IsUnique, *e.IsBot = true, false, true
	return e
}

// body is a delivery of the current generation.
var body = string(urlrtest.Body(event(), urlrtest.Latest))

// reencoded is the same document, encoded differently.
func reencoded(body string) string { return string(urlrtest.Reencode([]byte(body))) }

// utf8Body is the form that the Node recipe in URLR's documentation signs.
func utf8Body(body string) string {
	return strings.NewReplacer(`\u00e9`, `é`, `\u00c9`, `É`).Replace(body)
}

// bodyOf returns a body that is unique to n.
func bodyOf(n int) string {
	e := event()
	e.Link.Code = fmt.Sprintf("code-%d", n)
	return string(urlrtest.Body(e, urlrtest.Latest))
}

// A delivery is a request to an App.
type delivery struct {
	body       string
	signatures []string // default: the correct one for secret
	header     http.Header
	chunked    bool
}

func signed(body, secret string) delivery {
	return delivery{body: body, signatures: []string{core.Sign(secret, []byte(body))}}
}

// An answer is a response.
type answer struct {
	status int
	header http.Header
	body   string
}

// clients has a client for each server, by its URL. Suites run in parallel, and closing the idle
// connections of a client fails requests that are about to use them.
var clients sync.Map

func clientOf(url string) *http.Client {
	client, _ := clients.LoadOrStore(url, &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{}})
	return client.(*http.Client)
}

func send(t *testing.T, url string, d delivery) answer {
	t.Helper()
	answer, err := trySend(url, d)
	require.NoError(t, err)
	return answer
}

func trySend(url string, d delivery) (answer, error) {
	r := urlrtest.NewRequestWithBody(url+Path, secret, []byte(d.body))
	if d.chunked {
		r.ContentLength = -1
	}
	for name, values := range d.header {
		r.Header[name] = values
	}
	if d.signatures != nil {
		r.Header.Del(core.SignatureHeader)
		r.Header["x-signature"] = d.signatures // URLR's spelling
	}
	response, err := clientOf(url).Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(b)}, err
}
