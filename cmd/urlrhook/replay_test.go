package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// A delivery that can't be replayed does not stop the others.
func TestReplay(t *testing.T) {
	database := filepath.Join(t.TempDir(), "deliveries.db")
	s, err := store.Open(database, 100)
	require.NoError(t, err)
	for _, d := range []store.Delivery{
		{Body: []byte("one"), Length: 3},
		{Body: []byte("the beginning"), Length: 100_000},
		{Body: []byte("three"), Length: 5, Answer: store.Answer{At: time.Now(), Status: 204}},
		{Body: []byte("four"), Length: 4},
	} {
		d.Received = time.Now()
		d.Verdict = store.Unchecked
		require.NoError(t, s.Add(t.Context(), &d))
	}
	require.NoError(t, s.Close())
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()

	o := run(t, "", "replay", "--db", database, "--failed", "--to", server.URL)
	require.NoError(t, o.err, "what can't be sent again does not fail for ever")
	checkGolden(t, "replay-failed", o.stdout)
	o = run(t, "", "replay", "--db", database, "--to", server.URL, "99", "3")
	assert.Equal(t, 1, o.exitStatus())
	checkGolden(t, "replay-ids", o.stdout)
}

// The page shows --forward without its password, but a replay sends it.
func TestReplayFromThePageKnowsThePassword(t *testing.T) {
	passwords := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		passwords <- password
	}))
	defer server.Close()
	s, err := store.Open(":memory:", 100)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	d := store.Delivery{Received: time.Now(), Verdict: store.Unchecked}
	require.NoError(t, s.Add(t.Context(), &d))
	address := strings.Replace(server.URL, "://", "://me:secret@", 1)
	forwarded, err := forward.ParseURL(address)
	require.NoError(t, err)
	shown, err := forward.ParseURL(strings.Replace(address, "secret", "xxxxx", 1))
	require.NoError(t, err)
	l := &listener{target: forwarded, store: s, client: testClient(t)}
	err = l.replay(t.Context(), d.ID, shown, nil)
	require.NoError(t, err)
	assert.Equal(t, "secret", <-passwords)
}

func TestNothingFailed(t *testing.T) {
	database := filepath.Join(t.TempDir(), "deliveries.db")
	s, err := store.Open(database, 100)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	o := run(t, "", "replay", "--db", database, "--failed", "--to", "127.0.0.1:1")
	require.NoError(t, o.err)
	assert.Equal(t, "No delivery matches.\n", o.stdout)
}

func testClient(t *testing.T) *forward.Client {
	t.Helper()
	client, err := forward.NewClient(forward.Options{})
	require.NoError(t, err)
	return client
}
