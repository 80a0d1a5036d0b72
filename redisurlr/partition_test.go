package redisurlr_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

// A network is what lies between a client and Redis. While it is partitioned, packets get lost:
// connections stay open, and nothing arrives.
type network struct {
	listener net.Listener
	mu       sync.Mutex
	healed   chan struct{} // closed while it is not partitioned
}

func newNetwork(t *testing.T, to string) *network {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &network{listener: listener, healed: make(chan struct{})}
	close(n.healed)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close()
				continue
			}
			go n.forward(server, client)
			go n.forward(client, server)
		}
	}()
	return n
}

func (n *network) forward(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		read, err := from.Read(buffer)
		n.mu.Lock()
		healed := n.healed
		n.mu.Unlock()
		<-healed // TCP sends it again
		if _, writeErr := to.Write(buffer[:read]); err != nil || writeErr != nil {
			return
		}
	}
}

func (n *network) partition() (heal func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.healed = make(chan struct{})
	return sync.OnceFunc(func() { close(n.healed) })
}

// Two instances serve an endpoint, and a network partition cuts the first one off from Redis. What was
// stored before decides: no delivery counts twice, and none is lost.
func TestPartition(t *testing.T) {
	server := redistest.Start(t)
	between := newNetwork(t, server.Addr)
	newGuard := func(addr string, timeout time.Duration) *dedupe.Guard {
		client := redis.NewClient(&redis.Options{Addr: addr, DialTimeout: timeout, ReadTimeout: timeout, MaxRetries: -1})
		t.Cleanup(func() { _ = client.Close() })
		return dedupe.New(redisurlr.New(client))
	}
	cutOff, connected := newGuard(between.listener.Addr().String(), time.Second), newGuard(server.Addr, 10*time.Second)

	for name, test := range map[string]struct {
		earlier  bool // an earlier response was lost, so the cut-off attempt is skipped
		lost     bool // the response of the cut-off attempt
		skipNext bool // the next delivery is a retry
	}{
		"the response was lost":             {lost: true, skipNext: true},
		"a skipped delivery":                {earlier: true},
		"a skipped delivery is lost, again": {earlier: true, lost: true, skipNext: true},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := verified(t)
			if test.earlier {
				begin(ctx, t, connected).End(true, true)
			}
			request, disconnect := context.WithCancel(ctx)
			defer disconnect()
			attempt := begin(request, t, cutOff)
			assert.Equal(t, test.earlier, attempt.Skip())
			if test.lost && !test.earlier {
				disconnect()
				require.Eventually(t, func() bool { return isDeferred(ctx, connected) }, 10*time.Second, 10*time.Millisecond)
			}
			heal := between.partition()
			defer heal()
			attempt.End(true, test.lost)

			assert.True(t, isDeferred(ctx, connected), "it may be a retry of the attempt that is cut off")
			assert.True(t, isDeferred(ctx, cutOff), "there is no Redis")

			heal()
			var next *dedupe.Attempt
			require.Eventually(t, func() bool {
				var err error
				next, err = connected.Begin(ctx)
				return err == nil
			}, 20*time.Second, 50*time.Millisecond, "the bookkeeping is retried")
			assert.Equal(t, test.skipNext, next.Skip())
			next.End(true, false)
			last := begin(ctx, t, connected)
			assert.False(t, last.Skip(), "one credit, taken once")
			last.End(true, false)
		})
	}
}

// isDeferred reports whether another delivery is refused, to be sent again. If not, that fails.
func isDeferred(ctx context.Context, g *dedupe.Guard) bool {
	attempt, err := g.Begin(ctx)
	if err == nil {
		attempt.End(false, false)
	}
	return errors.Is(err, core.ErrUnavailable)
}
