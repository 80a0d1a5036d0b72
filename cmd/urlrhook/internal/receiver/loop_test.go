package receiver_test

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// proxyTo returns an application that proxies to a scene.
func proxyTo(s **scene) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		target, err := url.Parse((*s).url)
		assert.NoError(*s, err)
		r.SetURL(target)
	}}
}

// A delivery that comes back by any route is refused and reported.
func TestLoop(t *testing.T) {
	var s *scene
	s = newScene(t, proxyTo(&s), secret)
	s.receiver.SetMaxUnderWay(8)
	got := s.send(s.request())
	assert.Equal(t, http.StatusLoopDetected, got.status)
	assert.Contains(t, got.body, "--forward")
	assert.Equal(t, 1, s.loops)
	assert.Equal(t, []int64{1}, s.reported)
	assert.Empty(t, s.kept().Header.Values("Via"), "what is kept is what was received")
}

// A receiver may forward to another one, and what it has kept may be replayed to it.
func TestNoLoop(t *testing.T) {
	second := newScene(t, nil, secret)
	first := newScene(t, proxyTo(&second), secret)
	assert.Equal(t, http.StatusNoContent, first.send(first.request()).status)
	target, err := url.Parse(first.url)
	require.NoError(t, err)
	assert.Equal(t, http.StatusNoContent, newClient(t).Send(t.Context(), target, first.kept()).Status)
	assert.Zero(t, first.loops)
	assert.Len(t, second.reported, 2)
}
