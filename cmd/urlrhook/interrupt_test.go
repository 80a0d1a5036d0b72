package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/freeport"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// The first Ctrl-C says what listen waits for, the second one stops it.
func TestSecondInterruptEndsListen(t *testing.T) {
	application := newSlowApplication(t)
	l := startListen(t, binary(t), ":memory:", "--forward", application.URL)
	go func() {
		answer, err := http.DefaultClient.Do(urlrtest.NewRequest(l.url, testSecret, urlrtest.NewEvent()))
		if err == nil {
			_ = answer.Body.Close()
		}
	}()
	<-application.arrived
	require.NoError(t, l.Process.Signal(os.Interrupt))
	l.waitFor("Waiting up to 10s for your application's answer to 1 delivery. Press Ctrl-C again")
	select {
	case <-l.ended:
		t.Error("it did not wait")
	default:
	}
	interrupted := time.Now()
	require.NoError(t, l.Process.Signal(os.Interrupt))
	<-l.ended
	assert.Less(t, time.Since(interrupted), 3*time.Second)
}

// Ctrl-C says that a slow sender delays the end.
func TestInterruptTellsOfSlowSenders(t *testing.T) {
	l := startListen(t, binary(t), ":memory:")
	connection, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(l.url, "http://"), "/"))
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection,
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(t, err)
	_, err = io.ReadFull(connection, make([]byte, len("HTTP/1.1 100")))
	require.NoError(t, err)
	require.NoError(t, l.Process.Signal(os.Interrupt))
	l.waitFor("Waiting up to 10s for senders of incomplete requests")
	require.NoError(t, connection.Close())
	<-l.ended
	assert.NoError(t, l.err)
}

// An idle listener stops at once and silently.
func TestInterruptOfAnIdleListener(t *testing.T) {
	l := startListen(t, binary(t), ":memory:")
	require.NoError(t, l.stop())
	assert.NotContains(t, l.said(), "Waiting")
}

// listen starts before its application, with a warning.
func TestListenWarnsOfNobody(t *testing.T) {
	nobody := freeport.Addr(t)
	output, _, stop := listenHere(t, "--db", ":memory:", "--forward", nobody)
	output.after(t, "Warning: nothing is listening at "+nobody+": connection refused. Start your application.")
	require.NoError(t, stop())

	application := httptest.NewServer(http.NotFoundHandler())
	defer application.Close()
	output, _, stop = listenHere(t, "--db", ":memory:", "--forward", application.URL)
	output.after(t, "Keeping in")
	require.NoError(t, stop())
	assert.NotContains(t, output.String(), "Warning")
}
