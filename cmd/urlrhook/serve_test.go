package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/receiver"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Ctrl-C reports the deliveries that it leaves unanswered.
func TestDrain(t *testing.T) {
	application := newSlowApplication(t)
	target, err := url.Parse(application.URL)
	require.NoError(t, err)
	deliveries, err := store.Open(":memory:", 10)
	require.NoError(t, err)
	defer func() { assert.NoError(t, deliveries.Close()) }()
	receive, err := receiver.New(receiver.Config{Store: deliveries, Target: target, Client: testClient(t),
		Arrived: func(*store.Delivery) {}, Answered: func(*store.Delivery) {}})
	require.NoError(t, err)
	server := httptest.NewServer(receive)
	defer server.Close()

	patient, impatient := t.Context(), func() context.Context {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return ctx
	}()
	answered := make(chan bool)
	go func() {
		defer close(answered)
		answer, err := http.DefaultClient.Do(urlrtest.NewRequest(server.URL, testSecret, urlrtest.NewEvent()))
		if assert.NoError(t, err) {
			_ = answer.Body.Close()
		}
	}()
	<-application.arrived
	err = drain(impatient, server.Config, receive.UnderWay)
	assert.ErrorContains(t, err, "unanswered: 1;")
	assert.Equal(t, 1, exitStatus(err))
	failed, err := deliveries.IDs(t.Context(), store.Filter{Status: store.Failed})
	require.NoError(t, err)
	assert.Len(t, failed, 1, "it can be replayed")

	application.release()
	assert.NoError(t, drain(patient, server.Config, receive.UnderWay))
	<-answered
}

// An incomplete request is not a delivery yet.
func TestDrainHalfSent(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_,
			_ = io.Copy(io.Discard, r.Body)
	}))
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection,
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(t, err)
	line, err := bufio.NewReader(connection).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "100 Continue", "its body is being read")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.NoError(t, drain(ctx, server.Config, func() int { return 0 }))
}

// Ctrl-C waits for a replay from the page.
func TestInterruptWaitsForThePage(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	replaying, answered := make(chan bool), make(chan bool)
	show := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		replaying <- true
		<-answered
		w.WriteHeader(http.StatusNoContent)
	}))
	receive := httptest.NewUnstartedServer(http.NotFoundHandler())
	ended, said := make(chan error, 1), make(chan string, 1)
	go func() {
		both := servers{
			receive: receive.Config, deliveries: receive.Listener, show: show.Config, pages: show.Listener,
			underWay: func() int { return 0 }, replaying: func() int { return 1 }, say: func(text string) { said <- text },
		}
		ended <- both.serve(ctx)
	}()

	status := make(chan int, 1)
	go func() {
		response, err := http.Get("http://" + show.Listener.Addr().String())
		if assert.NoError(t, err) {
			assert.NoError(t, response.Body.Close())
			status <- response.StatusCode
		}
		close(status)
	}()
	<-replaying
	interrupt()
	assert.Contains(t, <-said, "answer to 1 replay.")
	require.Eventually(t, func() bool { // until it takes no more
		connection, err := net.Dial("tcp", show.Listener.Addr().String())
		return err != nil || connection.Close() != nil
	}, 10*time.Second, time.Millisecond)
	close(answered)
	assert.Equal(t, http.StatusNoContent, <-status)
	assert.NoError(t, <-ended)
}
