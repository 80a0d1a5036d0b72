package dedupe_test

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// BenchmarkGuard is what de-duplication in memory adds to a delivery, on all cores.
func BenchmarkGuard(b *testing.B) {
	guard := dedupe.New(dedupe.NewMemory())
	var clicks atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		click := urlrtest.NewEvent()
		click.Link.Code = fmt.Sprint(clicks.Add(1))
		body := urlrtest.Body(click, urlrtest.Latest)
		e, err := core.MustVerifier("secret").Verify(b.Context(), body, core.Sign("secret", body))
		if err != nil {
			b.Error(err)
			return
		}
		ctx, cancel := context.WithCancel(core.NewContext(context.Background(), e)) // as a request's
		defer cancel()
		for pb.Next() {
			a, err := guard.Begin(ctx)
			if err != nil {
				b.Error(err)
				return
			}
			a.End(true, false)
		}
	})
}

// BenchmarkMemoryHeld is what a Memory holds after a million deliveries were acknowledged, each of another click.
func BenchmarkMemoryHeld(b *testing.B) {
	const deliveries = 1_000_000
	for b.Loop() {
		store := dedupe.NewMemory()
		before := heap()
		for i := range deliveries {
			fingerprint := fmt.Sprintf("%032x", i)
			if _, err := store.Begin(b.Context(), fingerprint, dedupe.AttemptID{}, dedupe.Lease{Duration: time.Minute, Retention: time.Hour}); err != nil {
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
