package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A screen is what a running command writes to.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// after returns the first word after a prefix, once it is there.
func (s *screen) after(t *testing.T, prefix string) (word string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, rest, found := strings.Cut(s.String(), prefix)
		if found {
			word = strings.Fields(rest + " ?")[0]
		}
		return found
	}, 10*time.Second, time.Millisecond)
	return word
}

// listenHere runs listen in this process until stop is called.
func listenHere(t *testing.T, args ...string) (output *screen, url string, stop func() error) {
	t.Helper()
	t.Setenv(secretEnv, testSecret)
	ctx, cancel := context.WithCancel(t.Context())
	output, ended := &screen{}, make(chan error)
	app := newApp()
	app.Writer = output
	go func() {
		ended <- app.Run(ctx, append([]string{"urlrhook"}, listenArgs(args...)...))
	}()
	return output, output.after(t, "Receiving at"), func() error {
		cancel()
		return <-ended
	}
}

// The output of listen, list and show for an authentic, a changed and a hostile delivery.
func TestListenListShow(t *testing.T) {
	database := filepath.Join(t.TempDir(), "deliveries.db")
	output, url, stop := listenHere(t, "--db", database)
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Generation2023_10)
	deliver(t, url, testSecret, body)
	const event = `"event":"link_clicked",`
	changed := strings.Replace(strings.Replace(string(body), event, "", 1), `"timestamp"`, event+`"timestamp"`, 1)
	r := urlrtest.NewRequestWithBody(url, "", []byte(changed))
	r.Header.Set(core.SignatureHeader, core.Sign(testSecret, body))
	post(t, r)
	deliver(t, url, "wrong", []byte(`{"link":{"code":"\u001b[2J\nforged"},"country":"\u0007"}`+"\x1b]0;title\x07"))
	deliver(t, url, "wrong", []byte(`{"link":{"code":"\u001b[2J\nforged"},"country":"\u0007"}`))
	output.after(t, "#4")
	require.NoError(t, stop())
	assert.NotContains(t, output.String(), "\x1b")
	checkGolden(t, "listen", output.String())

	list := run(t, "", "list", "--db", database)
	require.NoError(t, list.err)
	assert.NotContains(t, list.stdout, "\x1b")
	checkGolden(t, "list", list.stdout)
	for id, name := range map[string]string{"1": "show-authentic", "2": "show-changed", "3": "show-harm"} {
		o := run(t, "", "show", "--db", database, id)
		require.NoError(t, o.err)
		assert.NotContains(t, o.stdout, "\x1b")
		checkGolden(t, name, o.stdout)
	}
	assert.Equal(t, string(body), run(t, "", "show", "--db", database, "--body", "1").stdout)
	assert.ErrorContains(t, run(t, "", "show", "--db", database, "99").err, "delivery 99")
}

// The first delivery reveals an indirect loop.
func TestListenTellsALoop(t *testing.T) {
	back := &url.URL{}
	detour := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(back) }})
	defer detour.Close()
	output, address, stop := listenHere(t, "--db", ":memory:", "--forward", detour.URL)
	require.NoError(t, back.UnmarshalBinary([]byte(address)))
	deliver(t, address, testSecret, urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest))
	output.after(t, "#1")
	require.NoError(t, stop())
	assert.Contains(t, output.String(), "--forward leads to urlrhook itself")
	assert.NotContains(t, output.String(), "#2")
}

// Headers are kept, so they have the same limit as bodies.
func TestListenBoundsHeaders(t *testing.T) {
	output, url, stop := listenHere(t, "--db", ":memory:")
	for size, want := range map[int]int{32 << 10: http.StatusNoContent, 80 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		r := urlrtest.NewRequest(url, testSecret, urlrtest.NewEvent())
		r.Header.Set("X-Large", strings.Repeat("x", size))
		assert.Equal(t, want, post(t, r))
	}
	require.NoError(t, stop())
	assert.Contains(t, output.String(), "#1")
	assert.NotContains(t, output.String(), "#2")
}
