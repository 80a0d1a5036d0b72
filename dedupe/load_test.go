package dedupe_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

var loadClicks = flag.Int("load.clicks", 2000, "clicks of TestLoad")

// TestLoad sends clicks on links of Zipf popularity to a real server: 20 % of them have a twin, 2 % of the deliveries fail, 1 % of the
// answers get lost. It compares what three receivers count.
func TestLoad(t *testing.T) {
	clicks := zipfClicks(*loadClicks)

	nothing := newCounter()
	happened, _ := nothing.receive(t, clicks, nothing.handle)

	signatures := newCounter()
	signatures.receive(t, clicks, signatures.remembering(signatures.handle))

	var unseen int
	ours := newCounter()
	store := dedupe.NewMemory()
	guard := dedupe.New(store, dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) {
		if o.What == dedupe.CreditKept {
			ours.add(&unseen, -1)
		}
	}))
	_, lost := ours.receive(t, clicks, ours.handle, nethttpurlr.Deduplicate(guard))
	unseen += lost
	unseen += store.Len() // credits that nobody took: the retry came before the server saw that its sender had been gone

	t.Logf("%d clicks, %d answers lost, %d of them unseen", happened, lost, unseen)
	for _, r := range []struct {
		name  string
		total int
	}{{"no de-duplication", nothing.total}, {"remembering signatures", signatures.total}, {"Deduplicate", ours.total}} {
		t.Logf("%-22s counted %d (%+.2f %%)", r.name, r.total, 100*float64(r.total-happened)/float64(happened))
	}
	assert.LessOrEqual(t, max(ours.total-happened, happened-ours.total), max(unseen, 0))
	assert.Less(t, signatures.total, happened*95/100, "twins are lost")
}

// zipfClicks returns clicks within few seconds: as on real links, some are very popular.
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

// A counter is a receiver that counts.
type counter struct {
	mu         sync.Mutex
	random     *rand.Rand
	total      int
	signatures map[string]bool
}

func newCounter() *counter {
	return &counter{random: rand.New(rand.NewPCG(2, 2)), signatures: map[string]bool{}}
}

func (c *counter) add(to *int, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*to += n
}

// handle counts a click, or fails.
func (c *counter) handle(context.Context, *core.Event) error {
	time.Sleep(5 * time.Millisecond) // as a database takes
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.random.Float64() < 0.02 {
		return errors.New("database is busy")
	}
	c.total++
	return nil
}

// remembering skips signatures that were seen before, the usual recipe.
func (c *counter) remembering(h core.HandlerFunc) core.HandlerFunc {
	return func(ctx context.Context, e *core.Event) error {
		if c.remember(e.Fingerprint()) {
			return nil
		}
		err := h(ctx, e)
		if err != nil {
			c.mu.Lock()
			delete(c.signatures, e.Fingerprint())
			c.mu.Unlock()
		}
		return err
	}
}

// remember remembers a signature, as an insert into a table with a unique key does, and reports whether it was known.
func (c *counter) remember(fingerprint string) (known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known = c.signatures[fingerprint]
	c.signatures[fingerprint] = true
	return known
}

// receive serves a handler, and returns how many clicks happened and how many answers to processed deliveries may have been lost.
func (c *counter) receive(t *testing.T, clicks []*core.Event, h core.HandlerFunc, middleware ...func(http.Handler) http.Handler) (happened, lost int) {
	t.Helper()
	var handler http.Handler = nethttpurlr.Handler(h)
	for _, m := range middleware {
		handler = m(handler)
	}
	server := httptest.NewServer(nethttpurlr.Verify(secret)(handler))
	defer server.Close() // after all requests have ended
	sender := urlrtest.Sender{
		URL: server.URL, Secret: secret, Concurrency: 32, Seed: 3,
		Retry:  urlrtest.Retry{Attempts: 20, FirstInterval: 50 * time.Millisecond, Factor: 1.2},
		Faults: urlrtest.Faults{LoseAnswer: 0.01, Twin: 0.2},
	}
	deliveries := sender.SendAll(t.Context(), clicks...)
	for _, d := range deliveries {
		assert.True(t, d.Acknowledged())
		for _, a := range d.Attempts {
			if a.Fault == urlrtest.FaultAnswerLost {
				lost++
			}
		}
	}
	return len(deliveries), lost
}

const secret = "whsec_load"
