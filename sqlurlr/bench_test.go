package sqlurlr_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const benchConnections = 16

// BenchmarkDeliveries compares, over real servers, the cost of a delivery whose handler inserts a
// row: without deduplication, in its own transaction, and in the transaction of a Store. It uses 16
// connections. An op is 500 deliveries to each endpoint. The endpoints take turns, so that other
// load on the machine slows all of them.
func BenchmarkDeliveries(b *testing.B) {
	b.Run("Postgres", func(b *testing.B) { benchmarkDeliveries(b, newPostgres(b)) })
	b.Run("SQLite", func(b *testing.B) { benchmarkDeliveries(b, newSQLite(b)) })
}

func benchmarkDeliveries(b *testing.B, d database) {
	db := d.open(b)
	store := sqlurlr.New(db, d.dialect)
	alone := newEndpoint(b, "alone", nethttpurlr.Handler(func(ctx context.Context, e *core.Event) error {
		return insert(ctx, db, e)
	}))
	once := newEndpoint(b, "once", nethttpurlr.Deduplicate(dedupe.New(store))(nethttpurlr.Handler(store.Handler(record))))
	inTx := newEndpoint(b, "tx", nethttpurlr.Handler(func(ctx context.Context, e *core.Event) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after Commit, there is nothing left to roll back
		if err := insert(ctx, tx, e); err != nil {
			return err
		}
		return tx.Commit()
	}))
	endpoints := []*endpoint{alone, inTx, once}
	for _, e := range endpoints {
		e.deliver(b, 10*benchConnections) // the database learns the statements
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
	b.ReportMetric(alone.spent.Seconds()/once.spent.Seconds(), "once/alone")
	b.ReportMetric(inTx.spent.Seconds()/once.spent.Seconds(), "once/tx")
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
	for range benchConnections {
		connection, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(b, err)
		b.Cleanup(func() { _ = connection.Close() })
		e.connections = append(e.connections, bufio.NewReadWriter(bufio.NewReader(connection), bufio.NewWriter(connection)))
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
