package sqlurlr_test

import (
	"context"
	"testing"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/throughput"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

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
	alone := throughput.NewEndpoint(b, "alone", nethttpurlr.Handler(func(ctx context.Context, e *core.Event) error {
		return insert(ctx, db, e)
	}))
	once := throughput.NewEndpoint(b, "once",
		nethttpurlr.Deduplicate(dedupe.New(store))(nethttpurlr.Handler(store.Handler(record))))
	inTx := throughput.NewEndpoint(b, "tx", nethttpurlr.Handler(func(ctx context.Context, e *core.Event) error {
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
	throughput.Measure(b, alone, inTx, once)
	once.Compare(b, alone)
	once.Compare(b, inTx)
}
