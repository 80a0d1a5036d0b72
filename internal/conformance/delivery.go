package conformance

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

const secret = "whsec_conformance"

// bodies has a body of each generation, as URLR's PHP writes it.
var bodies = []struct{ name, body string }{
	{"2023-10", `{"event":"link_clicked","link":{"code":"yBPhx","team":5,"folder":10},"country":"FR","region":"\u00cele-de-France","city":"Cr\u00e9teil","system":"GNU\/Linux","browser":"Firefox","isBot":true,"referer":"https:\/\/example.com\/","timestamp":1697398126}`},
	{"2024-10", `{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11","code":"yBPhx","team_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001","folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002","team":5,"folder":10},"country":"FR","region":"\u00cele-de-France","city":"Cr\u00e9teil","system":"GNU\/Linux","browser":"Firefox","isBot":true,"referer":"https:\/\/example.com\/","timestamp":1697398126}`},
	{"2026-01", `{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11","label":"\u00c9t\u00e9","code":"yBPhx","team_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001","folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},"country":"FR","region":"\u00cele-de-France","city":"Cr\u00e9teil","system":"GNU\/Linux","browser":"Firefox","referer":"https:\/\/example.com\/","is_qrcode":true,"is_unique":false,"timestamp":1697398126}`},
	{"2026-05", `{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11","label":"\u00c9t\u00e9","code":"yBPhx","workspace_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001","folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},"country":"FR","region":"\u00cele-de-France","city":"Cr\u00e9teil","system":"GNU\/Linux","browser":"Firefox","referer":"https:\/\/example.com\/","is_qrcode":true,"is_unique":false,"timestamp":1697398126}`},
}

// body is one of the current generation.
var body = bodies[len(bodies)-1].body

// reencoded is what a gateway may make of a body on its way: the same document in other bytes.
func reencoded(body string) string {
	return strings.NewReplacer(`\/`, `/`, `\u00e9`, `é`, `\u00c9`, `É`, `\u00ce`, `Î`, `,"`, `, "`, `":`, `": `).Replace(body)
}

// utf8Body is what the Node recipe of URLR's documentation signs.
func utf8Body(body string) string {
	return strings.NewReplacer(`\u00e9`, `é`, `\u00c9`, `É`, `\u00ce`, `Î`).Replace(body)
}

// bodyOf returns a body that is n's alone.
func bodyOf(n int) string {
	return strings.Replace(body, "yBPhx", fmt.Sprintf("code-%d", n), 1)
}

// A delivery is a request to an App.
type delivery struct {
	body       string
	signatures []string // default: the right one for secret
	header     http.Header
	chunked    bool
}

func signed(body, secret string) delivery {
	return delivery{body: body, signatures: []string{core.Sign(secret, []byte(body))}}
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

var client = &http.Client{Timeout: 10 * time.Second}

func send(t *testing.T, url string, d delivery) answer {
	t.Helper()
	answer, err := trySend(url, d)
	require.NoError(t, err)
	return answer
}

func trySend(url string, d delivery) (answer, error) {
	var body io.Reader = bytes.NewReader([]byte(d.body))
	if d.chunked {
		body = io.MultiReader(body) // hides the length
	}
	r, err := http.NewRequest(http.MethodPost, url+Path, body)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "URLR")
	for name, values := range d.header {
		r.Header[name] = values
	}
	if d.signatures == nil {
		d.signatures = []string{core.Sign(secret, []byte(d.body))}
	}
	r.Header["x-signature"] = d.signatures // as URLR spells it
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(b)}, err
}
