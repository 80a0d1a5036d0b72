package loadtest

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A balancer distributes connections over instances in turn. When one side of a connection closes,
// it closes the other.
type balancer struct {
	listener  net.Listener
	instances []string // addresses
	wg        sync.WaitGroup

	mu   sync.Mutex
	next int
	open map[net.Conn]bool
}

// startBalancer starts a balancer, stops it when the test ends, and returns its address.
func startBalancer(t *testing.T, instances ...string) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b := &balancer{listener: listener, instances: instances, open: map[net.Conn]bool{}}
	b.wg.Go(b.accept)
	t.Cleanup(func() {
		assert.NoError(t, listener.Close())
		b.mu.Lock()
		for c := range b.open {
			_ = c.Close() // it may be closed already
		}
		b.mu.Unlock()
		b.wg.Wait()
	})
	return listener.Addr().String()
}

func (b *balancer) accept() {
	for {
		client, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.wg.Go(func() { b.relay(client) })
	}
}

func (b *balancer) relay(client net.Conn) {
	b.track(client)
	defer b.release(client)
	instance, err := b.dial()
	if err != nil {
		return
	}
	b.track(instance)
	defer b.release(instance)
	done := make(chan struct{}, 2)
	relay := func(to, from net.Conn) {
		_, _ = io.Copy(to, from) // until either side closes
		done <- struct{}{}
	}
	b.wg.Go(func() { relay(instance, client) })
	b.wg.Go(func() { relay(client, instance) })
	<-done
}

// dial connects to the instance whose turn it is, or to the next one that is up.
func (b *balancer) dial() (instance net.Conn, err error) {
	b.mu.Lock()
	first := b.next
	b.next = (b.next + 1) % len(b.instances)
	b.mu.Unlock()
	for i := range b.instances {
		addr := b.instances[(first+i)%len(b.instances)]
		if instance, err = net.Dial("tcp", addr); err == nil {
			return instance, nil
		}
	}
	return nil, err
}

func (b *balancer) track(c net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open[c] = true
}

func (b *balancer) release(c net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.open, c)
	_ = c.Close() // it may be closed already
}
