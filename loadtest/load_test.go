package loadtest

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/proxytest"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

var clicksFlag = flag.Int("load.clicks", 500,
	"number of clicks in each test; from 5000, every framework is also tested behind proxies")

// TestEachClickOnce sends clicks on links of Zipf-distributed popularity to two instances that
// share one Redis. 20 % of the clicks have a twin, 2 % of the deliveries fail, and 1 % of the
// responses are lost. Along the way it kills and restarts Redis, freezes it, and kills and restarts
// an instance. In the end every click must have been counted once, except those whose attempt died
// between its effect and its bookkeeping, and those whose retry overtook the bookkeeping while
// Redis was down.
func TestEachClickOnce(t *testing.T) {
	clicks := zipfClicks(*clicksFlag)
	for framework := range frameworks {
		t.Run(framework, func(t *testing.T) {
			t.Parallel()
			r := play(t, receiver{Framework: framework, Method: ours}, startBalancer, clicks)
			t.Log(r)
			assert.LessOrEqual(t, r.wrong, r.explained, "clicks not counted once")
		})
	}
}

// TestOtherMethods runs the same test without deduplication and with remembered signatures.
func TestOtherMethods(t *testing.T) {
	clicks := zipfClicks(*clicksFlag)
	for _, method := range []string{nothing, signatures} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			r := play(t, receiver{Framework: "net/http", Method: method}, startBalancer, clicks)
			t.Log(r)
			if method == nothing {
				assert.Greater(t, r.counted, r.happened, "retries are counted")
			} else {
				assert.Less(t, r.counted, r.happened*95/100, "twins are dropped")
			}
		})
	}
}

// TestEachClickOnceBehindProxies runs the same test behind production proxies. A proxy must tell an
// instance that a client disconnected, as the balancer does.
func TestEachClickOnceBehindProxies(t *testing.T) {
	behind := []string{"net/http", "Fiber"}
	if *clicksFlag >= 5000 {
		behind = slices.Collect(maps.Keys(frameworks))
	}
	clicks := zipfClicks(*clicksFlag)
	for _, framework := range behind {
		for name, start := range map[string]startFront{"HAProxy": proxytest.HAProxy, "nginx": proxytest.Nginx} {
			t.Run(framework+" behind "+name, func(t *testing.T) {
				t.Parallel()
				r := play(t, receiver{Framework: framework, Method: ours}, start, clicks)
				t.Log(r)
				assert.LessOrEqual(t, r.wrong, r.explained, "clicks not counted once")
				assert.LessOrEqual(t, r.unseen, 2+r.lost/20, "the proxy hides clients that disconnect")
			})
		}
	}
}

// zipfClicks returns clicks within one minute. As with real links, some are very popular.
func zipfClicks(n int) []*core.Event {
	random := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(random, 1.2, 1, 500)
	clicks := make([]*core.Event, n)
	for i := range clicks {
		clicks[i] = urlrtest.NewEvent()
		clicks[i].Link.Code = fmt.Sprint("link-", zipf.Uint64())
		clicks[i].City = fmt.Sprint("city-", random.IntN(50))
		clicks[i].Timestamp = time.Unix(1780000000+random.Int64N(60), 0)
	}
	return clicks
}

// A startFront starts a proxy in front of instances, stops it when the test ends, and returns its
// address.
type startFront = func(t *testing.T, instances ...string) (addr string)

// play sends the clicks to a receiver behind a proxy and injects the faults.
func play(t *testing.T, r receiver, start startFront, clicks []*core.Event) result {
	t.Helper()
	redisServer := redistest.Start(t)
	r.Redis, r.Journal = redisServer.Addr, filepath.Join(t.TempDir(), "journal")
	instances := []*instance{r.start(t, "127.0.0.1:0"), r.start(t, "127.0.0.1:0")}
	front := start(t, instances[0].addr, instances[1].addr)

	var attempts atomic.Int64
	sent := make(chan []urlrtest.Delivery)
	sender := urlrtest.Sender{
		URL: "http://" + front + path, Secret: secret, Concurrency: 64, Seed: 3,
		Retry:     urlrtest.Retry{Attempts: 20, FirstInterval: shortestInterval, Factor: 1.2},
		Faults:    urlrtest.Faults{LoseAnswer: 0.01, Twin: 0.2},
		OnAttempt: func(urlrtest.Attempt) { attempts.Add(1) },
	}
	go func() { sent <- sender.SendAll(t.Context(), clicks...) }()

	waitFor(t, &attempts, len(clicks)/3)
	redisServer.Kill(t)
	time.Sleep(300 * time.Millisecond)
	redisServer.Restart(t)
	waitFor(t, &attempts, len(clicks)/2)
	redisServer.Freeze(t, 1500*time.Millisecond)
	waitFor(t, &attempts, len(clicks)*2/3)
	instances[0].kill(t)
	time.Sleep(300 * time.Millisecond)
	instances[0] = r.start(t, instances[0].addr)

	deliveries := <-sent
	time.Sleep(lease) // by now all bookkeeping is done or given up
	for _, i := range instances {
		i.kill(t)
	}
	return newResult(t, r, deliveries)
}

// shortestInterval is the time between the first and the second attempt of a delivery.
const shortestInterval = time.Second

func waitFor(t *testing.T, attempts *atomic.Int64, n int) {
	t.Helper()
	require.Eventually(t, func() bool { return attempts.Load() >= int64(n) }, 5*time.Minute, time.Millisecond)
}
