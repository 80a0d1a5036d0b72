// Package throughput measures how many deliveries per second handlers take, for benchmarks.
package throughput

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const (
	connections = 16
	perTurn     = 500
)

// An Endpoint is a server with 16 keep-alive connections to it.
type Endpoint struct {
	name        string
	connections []*bufio.ReadWriter
	sent        int
	spent       time.Duration
}

// NewEndpoint starts a server for h, mounted after Verify, until the benchmark ends.
func NewEndpoint(b *testing.B, name string, h http.Handler) *Endpoint {
	b.Helper()
	server := httptest.NewServer(nethttpurlr.Verify("secret")(h))
	b.Cleanup(server.Close)
	e := &Endpoint{name: name}
	for range connections {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(b, err)
		b.Cleanup(func() { _ = connection.Close() })
		e.connections = append(e.connections,
			bufio.NewReadWriter(bufio.NewReader(connection), bufio.NewWriter(connection)))
	}
	return e
}

// Measure sends 500 deliveries of different bodies to each endpoint per op, and reports how many
// each handled per second. The endpoints take turns, so that other load on the machine slows all of
// them.
func Measure(b *testing.B, endpoints ...*Endpoint) {
	b.Helper()
	for _, e := range endpoints {
		e.deliver(b, 10*connections) // opens connections, and lets stores learn their statements
		e.spent = 0
	}
	for b.Loop() {
		for _, e := range endpoints {
			e.deliver(b, perTurn)
		}
	}
	for _, e := range endpoints {
		b.ReportMetric(perTurn*float64(b.N)/e.spent.Seconds(), e.name+"/s")
	}
}

// Compare reports the throughput of e, as a multiple of another's.
func (e *Endpoint) Compare(b *testing.B, other *Endpoint) {
	b.Helper()
	b.ReportMetric(other.spent.Seconds()/e.spent.Seconds(), e.name+"/"+other.name)
}

// deliver sends n deliveries over all connections.
func (e *Endpoint) deliver(b *testing.B, n int) {
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

// exchange sends requests one by one, and reads their responses.
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
