package dedupe_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// BenchmarkDeduplicate measures a delivery behind Verify, on all cores, without and with
// Deduplicate.
func BenchmarkDeduplicate(b *testing.B) {
	handle := nethttpurlr.Handler(func(context.Context, *core.Event) error { return nil })
	b.Run("without", func(b *testing.B) { deliver(b, handle) })
	b.Run("with", func(b *testing.B) { deliver(b, nethttpurlr.Deduplicate(dedupe.New(dedupe.NewMemory()))(handle)) })
}

// deliver delivers a different click in each goroutine, with request contexts like those of
// net/http.
func deliver(b *testing.B, h http.Handler) {
	var clicks atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		click := urlrtest.NewEvent()
		click.Link.Code = fmt.Sprint(clicks.Add(1))
		r := urlrtest.NewRequest("/", "secret", click)
		e, err := core.MustVerifier("secret").VerifyRequest(r)
		if err != nil {
			b.Error(err)
			return
		}
		w := discard{http.Header{}}
		for pb.Next() {
			ctx, cancel := context.WithCancel(b.Context())
			h.ServeHTTP(w, r.WithContext(core.NewContext(ctx, e)))
			cancel()
		}
	})
}

// A discard is a ResponseWriter that costs nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header { return d.header }

func (discard) WriteHeader(int) {}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (discard) Flush() {}

// BenchmarkMemoryHeld measures what a Memory holds after a million deliveries of different clicks
// were acknowledged.
func BenchmarkMemoryHeld(b *testing.B) {
	const deliveries = 1_000_000
	for b.Loop() {
		store := dedupe.NewMemory()
		before := heap()
		for i := range deliveries {
			fingerprint := fmt.Sprintf("%032x", i)
			if _, err := store.Begin(b.Context(), fingerprint, dedupe.AttemptID{}, lease); err != nil {
				b.Fatal(err)
			}
			if err := store.End(b.Context(), fingerprint, dedupe.AttemptID{}, 0); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(max(heap()-before, 0)), "B-held")
		b.ReportMetric(float64(store.Len()), "fingerprints-held")
		runtime.KeepAlive(store)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
