package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// What can't be sent again does not keep the others from it.
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

func TestNothingFailed(t *testing.T) {
	database := filepath.Join(t.TempDir(), "deliveries.db")
	s, err := store.Open(database, 100)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	o := run(t, "", "replay", "--db", database, "--failed", "--to", "127.0.0.1:1")
	require.NoError(t, o.err)
	assert.Equal(t, "No delivery failed.\n", o.stdout)
}
