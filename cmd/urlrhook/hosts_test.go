package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
)

func TestShown(t *testing.T) {
	for ip, want := range map[string]string{"127.0.0.1": "127.0.0.1:80", "0.0.0.0": "localhost:80",
		"::": "localhost:80", "192.0.2.1": "192.0.2.1:80"} {
		assert.Equal(t, want, shown(&net.TCPAddr{IP: net.ParseIP(ip), Port: 80}))
	}
}

func TestHosts(t *testing.T) {
	here := net.IPv4(127, 0, 0, 1)
	all := hosts(&net.TCPAddr{IP: here, Port: 80})
	assert.Subset(t, all, []string{"127.0.0.1:80", "127.0.0.1", "localhost:80", "localhost", "[::1]:80", "[::1]"})
	assert.NotContains(t, hosts(&net.TCPAddr{IP: here, Port: 8788}), "localhost")
}

// A listener must not forward to itself.
func TestLeadsTo(t *testing.T) {
	for target, want := range map[string]bool{
		"127.0.0.1:80":           true,
		"http://localhost/hooks": true,
		"http://[::1]:80":        true,
		"http://127.0.0.1:8080":  false,
		"https://localhost":      false,
		"http://example.com":     false,
	} {
		url, err := forward.ParseURL(target)
		require.NoError(t, err)
		assert.Equal(t, want, leadsTo(url, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}), target)
	}
}
