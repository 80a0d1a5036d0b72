package dedupe_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

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
