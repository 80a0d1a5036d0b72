package forward_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func parse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	require.NoError(t, err)
	return u
}

// A self-signed certificate is accepted with --insecure or --ca-file. Otherwise there is no answer.
func TestSelfSignedCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are meant to fail
	server.StartTLS()
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(file, certificate, 0o600))
	target, d := parse(t, server.URL), &store.Delivery{Body: []byte("body")}

	a := newClient(t, forward.Options{}).Send(t.Context(), target, d)
	assert.Zero(t, a.Status)
	assert.Contains(t, a.Error, "certificate")
	assert.Equal(t, 200, newClient(t, forward.Options{CAFile: file}).Send(t.Context(), target, d).Status)
	assert.Equal(t, 200, newClient(t, forward.Options{Insecure: true}).Send(t.Context(), target, d).Status)
}

// --insecure applies only to names that always mean this machine.
func TestIsLoopbackName(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "localhost.": true, "app.localhost": true, "127.0.0.1": true,
		"127.1.2.3": true, "::1": true,
		"example.com": false, "localhost.example.com": false, "notlocalhost": false, "10.0.0.1": false,
		"0.0.0.0": false, "127.0.0.1.example.com": false,
		"": false,
	} {
		assert.Equal(t, want, forward.IsLoopbackName(host), host)
	}
}

func TestCAFileMustHaveCertificates(t *testing.T) {
	_, err := forward.NewClient(forward.Options{CAFile: "no-such-file"})
	assert.ErrorContains(t, err, "no-such-file")
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	_, err = forward.NewClient(forward.Options{CAFile: empty})
	assert.ErrorContains(t, err, "BEGIN CERTIFICATE")
}

func TestHeadersAreAdded(t *testing.T) {
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		got = r
	}))
	defer server.Close()
	h, err := forward.ParseHeader([]string{"authorization: Bearer a:b", "X-Two: 1", "x-two:2", "User-Agent: mine",
		"Host: app.test", "X-Empty:"})
	require.NoError(t, err)
	d := &store.Delivery{Header: http.Header{"User-Agent": {"URLR"}, "X-Signature": {"aa"}}}
	require.Equal(t, 200, newClient(t, forward.Options{Header: h}).Send(t.Context(), parse(t, server.URL), d).Status)
	assert.Equal(t, "Bearer a:b", got.Header.Get("Authorization"))
	assert.Equal(t, []string{"1", "2"}, got.Header["X-Two"])
	assert.Equal(t, []string{"mine"}, got.Header["User-Agent"], "in place of what was received")
	assert.Equal(t, []string{""}, got.Header["X-Empty"])
	assert.Equal(t, "aa", got.Header.Get("X-Signature"))
	assert.Equal(t, "app.test", got.Host)
	assert.Equal(t, http.Header{"User-Agent": {"URLR"}, "X-Signature": {"aa"}}, d.Header, "the delivery stays as it is")
}

func TestParseHeaderRefuses(t *testing.T) {
	for _, line := range []string{"", "name", ": value", "a b: c", "a\r\nb: c", "a: b\r\nc: d", "é: a", "a: \x00"} {
		_, err := forward.ParseHeader([]string{line})
		assert.ErrorContains(t, err, "Name: value", "%q", line)
	}
	for _, line := range []string{"Connection: close", "transfer-encoding: chunked", "Content-Length: 5"} {
		_, err := forward.ParseHeader([]string{line})
		assert.ErrorContains(t, err, "belongs to the connection", line)
	}
}
