package brokertest

import (
	"cmp"
	"fmt"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const (
	secret = "whsec_brokertest"
	topic  = "clicks"
	twins  = 0.15
	rate   = 700 // deliveries a second, so that many are left when the test notices that it is the middle
)

// clickCount returns the number of clicks without their twins: byDefault, or what the environment
// says.
func clickCount(t *testing.T, byDefault string) int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("BROKERTEST_CLICKS"), byDefault))
	require.NoError(t, err)
	return n
}

// A tally counts messages by the label of their link. Each click has a label that only its twin
// shares.
type tally struct {
	mu      sync.Mutex
	total   int
	byLabel map[string]int
}

func (c *tally) add(e *core.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byLabel == nil {
		c.byLabel = map[string]int{}
	}
	c.total++
	c.byLabel[e.Link.Label]++
}

func (c *tally) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

// sendClicks sends n clicks and some twins to a receiver with a handler, and calls inTheMiddle once
// a third of them are acknowledged. It returns how many messages each label must have.
func sendClicks(t *testing.T, n int, guard *dedupe.Guard, h core.HandlerFunc, inTheMiddle func()) map[string]int {
	t.Helper()
	endpoint := nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(h)))
	server := httptest.NewUnstartedServer(endpoint)
	server.Config.ConnContext = dedupe.ConnContext
	server.Start()
	defer server.Close()

	clicks := make([]*core.Event, n)
	for i := range clicks {
		clicks[i] = urlrtest.NewEvent()
		clicks[i].Link.Label = fmt.Sprintf("click %d", i)
	}
	acknowledged := make(chan struct{}, 3*n)
	sender := urlrtest.Sender{
		URL: server.URL, Secret: secret, Concurrency: 16, Rate: rate, Faults: urlrtest.Faults{Twin: twins},
		Retry: urlrtest.Retry{FirstInterval: 100 * time.Millisecond, Attempts: 10, Timeout: 30 * time.Second},
		OnAttempt: func(a urlrtest.Attempt) {
			if a.Acknowledged() {
				acknowledged <- struct{}{}
			}
		},
	}
	sent := make(chan []urlrtest.Delivery)
	go func() { sent <- sender.SendAll(t.Context(), clicks...) }()
	for range n / 3 {
		<-acknowledged
	}
	inTheMiddle()
	deliveries := <-sent

	want := map[string]int{}
	for _, d := range deliveries {
		require.True(t, d.Acknowledged(), "%s: %+v", d.Event.Link.Label, d.Attempts)
		want[d.Event.Link.Label]++
	}
	t.Logf("%d clicks, %d of them twins", len(deliveries), len(deliveries)-len(clicks))
	require.Greater(t, len(deliveries), len(clicks)*11/10, "there must be twins")
	return want
}

// requireSame reports only the labels that differ.
func requireSame(t *testing.T, want, got map[string]int) {
	t.Helper()
	for label, n := range want {
		assert.Equal(t, n, got[label], label)
	}
	require.Len(t, got, len(want))
}
