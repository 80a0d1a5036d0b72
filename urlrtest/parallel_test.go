package urlrtest_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/urlrtest"
)

// SendAll closes no connection of another Sender: the other's response could be lost with it.
func TestSendersShareNoConnections(t *testing.T) {
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()

	s := urlrtest.Sender{URL: server.URL, Secret: secret}
	for range 3 {
		d := s.Send(t.Context(), urlrtest.NewEvent())
		assert.True(t, d.Acknowledged())
		other := urlrtest.Sender{URL: server.URL, Secret: secret}
		other.SendAll(t.Context())
	}
	assert.EqualValues(t, 1, connections.Load(), "the connection is used again")
}

// An event that is missing panics where the caller can recover.
func TestMissingEvents(t *testing.T) {
	client := &http.Client{Transport: always(http.StatusNoContent)}
	s := urlrtest.Sender{URL: "http://receiver", Secret: secret, Client: client}
	assert.PanicsWithValue(t, "urlrtest: nil event", func() { s.Send(t.Context(), nil) })
	assert.PanicsWithValue(t, "urlrtest: nil event", func() { s.SendAll(t.Context(), urlrtest.NewEvent(), nil) })
	assert.Panics(t, func() { s.SendEach(t.Context(), nil, func(urlrtest.Delivery) {}) })
	assert.Panics(t, func() { s.SendEach(t.Context(), slices.Values(events(1)), nil) })

	s.Body = []byte("{}")
	deliveries := s.SendAll(t.Context(), nil, nil)
	assert.Len(t, deliveries, 2, "a body of its own needs no event")
	assert.True(t, deliveries[1].Acknowledged())
}
