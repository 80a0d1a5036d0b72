package redisurlr_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/internal/throughput"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/redisurlr"
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
	none := throughput.NewEndpoint(b, "none", handler)
	setNX := throughput.NewEndpoint(b, "setnx", rememberSignatures(client, handler))
	guard := throughput.NewEndpoint(b, "guard", deduplicate(handler))
	throughput.Measure(b, none, setNX, guard)
	guard.Compare(b, setNX)
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
