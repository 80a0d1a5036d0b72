package replay_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/replay"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
)

// A received is what an application got.
type received struct {
	body      string
	signature []string
}

func newSender(t *testing.T, secret string) (s *replay.Sender, target *url.URL, got *received) {
	t.Helper()
	got = &received{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		*got = received{string(body), r.Header.Values(core.SignatureHeader)}
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(server.Close)
	deliveries, err := store.Open(":memory:", 100)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, deliveries.Close()) })
	client, err := forward.NewClient(forward.Options{})
	require.NoError(t, err)
	target, err = url.Parse(server.URL)
	require.NoError(t, err)
	return &replay.Sender{Store: deliveries, Client: client, Secret: secret}, target, got
}

func add(t *testing.T, s *replay.Sender, d store.Delivery) int64 {
	t.Helper()
	require.NoError(t, s.Store.Add(t.Context(), &d))
	return d.ID
}

func TestSendAsReceived(t *testing.T) {
	s, target, got := newSender(t, "")
	first := store.Answer{At: time.Now().UTC().Truncate(time.Microsecond), Status: 500}
	id := add(t, s, store.Delivery{Header: http.Header{"X-Signature": {"aa", "bb"}}, Body: []byte("{ }\n"), Length: 4,
		Answer: first})
	r, err := s.Send(t.Context(), id, target, nil)
	require.NoError(t, err)
	assert.Equal(t, 202, r.Answer.Status)
	assert.Equal(t, &received{"{ }\n", []string{"aa", "bb"}}, got)
	kept, err := s.Store.Replays(t.Context(), id, 10)
	require.NoError(t, err)
	require.Len(t, kept, 1)
	assert.Equal(t, target.String(), kept[0].Answer.By)
	assert.Nil(t, kept[0].Body)
	d, err := s.Store.Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, first, d.Answer)
}

// An edited body is signed again, and the received one stays unchanged.
func TestSendEdited(t *testing.T) {
	s, target, got := newSender(t, "secret")
	id := add(t, s, store.Delivery{Header: http.Header{"X-Signature": {"aa", "bb"}}, Body: []byte("old"), Length: 1000})
	r, err := s.Send(t.Context(), id, target, func(body []byte) ([]byte, error) { return append(body, "+new"...), nil })
	require.NoError(t, err)
	assert.True(t, r.Edited)
	assert.Equal(t, &received{"old+new", []string{core.Sign("secret", []byte("old+new"))}}, got)
	kept, err := s.Store.Replays(t.Context(), id, 10)
	require.NoError(t, err)
	assert.Equal(t, "old+new", string(kept[0].Body))
	d, err := s.Store.Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, "old", string(d.Body))
	assert.Equal(t, "aa, bb", d.Signature())
}

func TestSendRefuses(t *testing.T) {
	s, target, got := newSender(t, "")
	broken := errors.New("broken")
	edit := func([]byte) ([]byte, error) { return nil, broken }
	id := add(t, s, store.Delivery{Body: []byte("beginning"), Length: 100_000})
	_, err := s.Send(t.Context(), id, target, nil)
	assert.ErrorIs(t, err, replay.ErrNotWhole)
	_, err = s.Send(t.Context(), id, target, edit)
	assert.ErrorIs(t, err, replay.ErrNoSecret)
	s.Secret = "secret"
	_, err = s.Send(t.Context(), id, target, edit)
	assert.ErrorIs(t, err, broken)
	_, err = s.Send(t.Context(), 99, target, nil)
	assert.ErrorIs(t, err, store.ErrNotFound)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Send(ctx, id, target, nil)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, *got)
	kept, err := s.Store.Replays(t.Context(), id, 10)
	require.NoError(t, err)
	assert.Empty(t, kept)
}
