package forward_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func TestParseURL(t *testing.T) {
	for in, want := range map[string]string{
		"http://127.0.0.1:8080/hook?a=b": "http://127.0.0.1:8080/hook?a=b",
		"https://example.com":            "https://example.com",
		"127.0.0.1:8080/hook":            "http://127.0.0.1:8080/hook",
		"localhost:8080":                 "http://localhost:8080",
		"example.com/hook":               "http://example.com/hook",
		"[::1]:8080":                     "http://[::1]:8080",
		"3000":                           "http://127.0.0.1:3000",
		":3000":                          "http://127.0.0.1:3000",
		"3000/webhooks/urlr":             "http://127.0.0.1:3000/webhooks/urlr",
		"3000?a=b":                       "http://127.0.0.1:3000?a=b",
	} {
		got, err := forward.ParseURL(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got.String())
	}
	for _, in := range []string{
		"", "/hook", "http://", "file:///etc/passwd", "ftp://example.com", "javascript:alert(1)", "http://:8080",
		"a b", "http://a b/",
		"0", "65536", ":0", "127.0.0.1:0", "99999/hook",
	} {
		_, err := forward.ParseURL(in)
		assert.ErrorContains(t, err, "write it like http://", in)
	}
}

func TestWithoutHopByHop(t *testing.T) {
	h := http.Header{
		"Connection": {"close, X-One", "x-two"}, "X-One": {"1"}, "X-Two": {"2"}, "X-Three": {"3", "4"},
		"Transfer-Encoding": {"chunked"}, "Content-Length": {"5"}, "Expect": {"100-continue"},
	}
	assert.Equal(t, http.Header{"X-Three": {"3", "4"}}, forward.WithoutHopByHop(h))
	assert.Len(t, h, 7, "the original stays as it is")
	assert.NotNil(t, forward.WithoutHopByHop(nil))
}

func newClient(t *testing.T, o forward.Options) *forward.Client {
	t.Helper()
	c, err := forward.NewClient(o)
	require.NoError(t, err)
	return c
}

//nolint:revive // t is first in every helper
func send(t *testing.T, ctx context.Context, h http.HandlerFunc) store.Answer {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	target, err := url.Parse(server.URL)
	require.NoError(t, err)
	return newClient(t, forward.Options{}).Send(ctx, target, &store.Delivery{Body: []byte("body")})
}

func TestSend(t *testing.T) {
	a := send(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "body", string(body))
		assert.Equal(t, http.MethodPost, r.Method)
		assert.Empty(t, r.UserAgent(), "what was received had none")
		w.WriteHeader(http.StatusAccepted)
	})
	assert.Equal(t, http.StatusAccepted, a.Status)
	assert.True(t, a.OK())
	assert.NotZero(t, a.Duration)
	assert.WithinDuration(t, time.Now(), a.At, time.Minute)
}

// Neither the database nor the page reveals the application's password.
func TestSendKeepsNoPassword(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		assert.Equal(t, "open-sesame", password)
	}))
	defer server.Close()
	target, err := forward.ParseURL("http://me:open-sesame@" + server.Listener.Addr().String())
	require.NoError(t, err)
	a := newClient(t, forward.Options{}).Send(t.Context(), target, &store.Delivery{})
	assert.True(t, a.OK())
	assert.NotContains(t, a.By, "open-sesame")
}

// A long answer counts as an answer. Only its body is cut, which the sender does not need.
func TestLongAnswer(t *testing.T) {
	a := send(t, t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		_,
			_ = w.Write(bytes.Repeat([]byte("x"), 1<<20+1))
	})
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Empty(t, a.Error)
	assert.True(t, bytes.Equal(a.Body, bytes.Repeat([]byte("x"), 1<<20)))
}

// An answer that switches protocols, or has an invalid status, can't be passed back.
func TestNoStatus(t *testing.T) {
	for _, status := range []string{"000", "099", "101"} {
		a := send(t, t.Context(), func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				defer connection.Close()
				_, _ = io.WriteString(connection,
					"HTTP/1.1 "+status+" Odd\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")
			}
		})
		assert.Zero(t, a.Status)
		assert.Contains(t, a.Error, "status "+status)
	}
}

func TestSendFails(t *testing.T) {
	a := send(t, t.Context(), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	assert.Zero(t, a.Status)
	assert.NotContains(t, a.Error, "127.0.0.1")

	ctx, cancel := context.WithCancel(t.Context())
	a = send(t, ctx, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		cancel()
		<-r.Context().Done()
	})
	assert.Zero(t, a.Status)
	assert.Contains(t, a.Error, "sender disconnected")
	assert.False(t, a.OK())
}
