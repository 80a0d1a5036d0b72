package redisurlr_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/redisurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// BenchmarkDeliveries compares the cost of a delivery, over real servers, without deduplication,
// with the usual SET NX of its fingerprint, and with a guard. It uses 16 connections and a handler
// that returns at once. An op is 500 deliveries to each endpoint. The endpoints take turns, so
// whatever else the machine does slows down all three.
//
// Without append-only persistence it measures the CPU; with appendfsync=always, which this library
// recommends, the disk as well.
func BenchmarkDeliveries(b *testing.B) {
	for name, settings := range map[string][2]string{
		"appendonly=no":        {"appendonly", "no"},
		"appendfsync=everysec": {"appendfsync", "everysec"},
		"appendfsync=always":   {"appendfsync", "always"},
	} {
		b.Run(name, func(b *testing.B) {
			client := redis.NewClient(&redis.Options{Addr: redistest.Start(b).Addr})
			b.Cleanup(func() { _ = client.Close() })
			require.NoError(b, client.ConfigSet(b.Context(), settings[0], settings[1]).Err())
			benchmarkDeliveries(b, client)
		})
	}
}

func benchmarkDeliveries(b *testing.B, client *redis.Client) {
	handler := nethttpurlr.Handler(func(context.Context, *core.Event) error { return nil })
	deduplicate := nethttpurlr.Deduplicate(dedupe.New(redisurlr.New(client)))
	none := newEndpoint(b, "none", handler)
	setNX := newEndpoint(b, "setnx", rememberSignatures(client, handler))
	guard := newEndpoint(b, "guard", deduplicate(handler))
	endpoints := []*endpoint{none, setNX, guard}
	for _, e := range endpoints {
		e.deliver(b, 16) // loads the scripts and opens connections
		e.spent = 0
	}
	for b.Loop() {
		for _, e := range endpoints {
			e.deliver(b, 500)
		}
	}
	for _, e := range endpoints {
		b.ReportMetric(500*float64(b.N)/e.spent.Seconds(), e.name+"/s")
	}
	b.ReportMetric(setNX.spent.Seconds()/guard.spent.Seconds(), "guard/setnx")
}

// rememberSignatures is the usual recipe, in one round trip. It drops twins.
func rememberSignatures(client *redis.Client, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := "seen:" + nethttpurlr.Event(r).Fingerprint()
		err := client.SetArgs(r.Context(), key, 1, redis.SetArgs{Mode: "NX", TTL: dedupe.DefaultRetention}).Err()
		switch {
		case errors.Is(err, redis.Nil):
			w.WriteHeader(http.StatusNoContent)
		case err != nil:
			core.WriteProblem(w, fmt.Errorf("%w: %w", core.ErrUnavailable, err))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// An endpoint is a server with keep-alive connections to it.
type endpoint struct {
	name        string
	connections []*bufio.ReadWriter
	sent        int
	spent       time.Duration
}

func newEndpoint(b *testing.B, name string, h http.Handler) *endpoint {
	b.Helper()
	server := httptest.NewServer(nethttpurlr.Verify("secret")(h))
	b.Cleanup(server.Close)
	e := &endpoint{name: name}
	for range 16 {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(b, err)
		b.Cleanup(func() { _ = connection.Close() })
		e.connections = append(e.connections,
			bufio.NewReadWriter(bufio.NewReader(connection), bufio.NewWriter(connection)))
	}
	return e
}

// deliver sends n deliveries of different bodies over all connections.
func (e *endpoint) deliver(b *testing.B, n int) {
	b.Helper()
	requests := make([][]byte, n)
	for i := range requests {
		event := urlrtest.NewEvent()
		event.City = fmt.Sprint("city-", e.sent)
		e.sent++
		var request bytes.Buffer
		require.NoError(b, urlrtest.NewRequest("http://localhost/", "secret", event).Write(&request))
		requests[i] = request.Bytes()
	}
	start := time.Now()
	var wg sync.WaitGroup
	share := (n + len(e.connections) - 1) / len(e.connections)
	for i, mine := range slices.Collect(slices.Chunk(requests, share)) {
		wg.Go(func() { exchange(b, e.connections[i], mine) })
	}
	wg.Wait()
	e.spent += time.Since(start)
}

// exchange sends requests one by one and reads their responses.
func exchange(b *testing.B, connection *bufio.ReadWriter, requests [][]byte) {
	for _, request := range requests {
		_, _ = connection.Write(request) // Flush returns the error
		if err := connection.Flush(); err != nil {
			b.Error(err)
			return
		}
		response, err := http.ReadResponse(connection.Reader, nil)
		if err != nil || response.StatusCode != http.StatusNoContent {
			b.Error(response, err)
			return
		}
		_ = response.Body.Close() // it is empty
	}
}
