package fiberv3urlr_test

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
)

// The connection reveals the fate of the response. The handler runs until its client has acted.
func TestConnection(t *testing.T) {
	closeIt := func(t *testing.T, c *net.TCPConn) { require.NoError(t, c.Close()) }
	reset := func(t *testing.T, c *net.TCPConn) { require.NoError(t, c.SetLinger(0)); closeIt(t, c) }
	halfClose := func(t *testing.T, c *net.TCPConn) { require.NoError(t, c.CloseWrite()) }
	read := func(t *testing.T, c *net.TCPConn) {
		status := make([]byte, len("HTTP/1.1 204"))
		_, err := io.ReadFull(c, status)
		require.NoError(t, err)
		assert.Equal(t, "HTTP/1.1 204", string(status))
		time.Sleep(acknowledgmentTime)
	}
	for name, test := range map[string]struct {
		during, after []func(*testing.T, *net.TCPConn)
		lost          bool
	}{
		"stays":                     {},
		"closes after the response": {after: []func(*testing.T, *net.TCPConn){read, closeIt}},
		"resets after the response": {after: []func(*testing.T, *net.TCPConn){read, reset}},
		"closes early":              {during: []func(*testing.T, *net.TCPConn){closeIt}, lost: true},
		"resets early":              {during: []func(*testing.T, *net.TCPConn){reset}, lost: true},
		"closes its side and reads": {
			during: []func(*testing.T, *net.TCPConn){halfClose}, after: []func(*testing.T, *net.TCPConn){read, closeIt},
		},
		"closes its side and leaves": {during: []func(*testing.T, *net.TCPConn){halfClose, closeIt}, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			store := newEndedStore()
			entered, leave := make(chan bool), make(chan bool)
			addr := listen(t, verify, fiberv3urlr.Deduplicate(dedupe.New(store)), func(c fiber.Ctx) error {
				entered <- true
				<-leave
				return c.SendStatus(fiber.StatusNoContent)
			})
			connection := request(t, addr).(*net.TCPConn)
			defer func() { _ = connection.Close() }() // the test may have closed it
			<-entered
			for _, do := range test.during {
				do(t, connection)
				time.Sleep(50 * time.Millisecond) // until it reaches the server
			}
			leave <- true
			for _, do := range test.after {
				do(t, connection)
			}
			assert.Equal(t, test.lost, store.nextEnd(t), "a credit is kept")
		})
	}
}

// A client that resets its connection after it has received the response has not lost it.
func TestResetAfterTheResponse(t *testing.T) {
	hasReset := make(chan bool)
	wait := dedupe.WithObserver(func(context.Context, dedupe.Observation) { <-hasReset })
	store := newEndedStore()
	addr := listen(t, verify, fiberv3urlr.Deduplicate(dedupe.New(store, wait)), succeed)
	for range 100 {
		connection := request(t, addr).(*net.TCPConn)
		_, err := connection.Read(make([]byte, 1000))
		require.NoError(t, err)
		time.Sleep(acknowledgmentTime)
		require.NoError(t, connection.SetLinger(0))
		require.NoError(t, connection.Close())
		hasReset <- true
		assert.False(t, store.nextEnd(t), "a credit is kept")
	}
}

// acknowledgmentTime is how long the acknowledgment of a response may take to reach the server's
// socket. Loopback packets from two CPUs may overtake each other, and a reset that overtakes the
// acknowledgment looks like a lost response.
const acknowledgmentTime = 20 * time.Millisecond

// A client disconnects between the end of the handler and the response.
func TestResetBeforeTheResponse(t *testing.T) {
	handled, hungUp, outcomes := make(chan bool), make(chan bool), make(chan dedupe.Outcome, 10)
	guard := dedupe.New(dedupe.NewMemory(), observe(outcomes))
	addr := listen(t, func(c fiber.Ctx) error {
		err := c.Next()
		handled <- true
		<-hungUp
		return err
	}, verify, fiberv3urlr.Deduplicate(guard), succeed)
	connection := request(t, addr)
	<-handled
	require.NoError(t, connection.Close())
	time.Sleep(50 * time.Millisecond) // until it reaches the server
	hungUp <- true
	assert.Equal(t, dedupe.Processed, <-outcomes)
	assert.Equal(t, dedupe.CreditKept, <-outcomes)
}

// Each guard of a request is told of its end.
func TestTwoGuards(t *testing.T) {
	outcomes := make(chan dedupe.Outcome, 10)
	deduplicate := func() fiber.Handler {
		observe := observe(outcomes)
		return fiberv3urlr.Deduplicate(dedupe.New(dedupe.NewMemory(), observe))
	}
	addr := listen(t, verify, deduplicate(), deduplicate(), succeed)
	defer request(t, addr).Close()
	assert.Equal(t, dedupe.Processed, <-outcomes)
	assert.Equal(t, dedupe.Processed, <-outcomes)
}

// A slowStore delays each call.
type slowStore struct{ *dedupe.Memory }

func (s slowStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	time.Sleep(300 * time.Millisecond)
	return s.Memory.Begin(ctx, fingerprint, id, lease)
}

// A delivery that was retried while the store was down is handled once.
func TestClientGoneBeforeTheHandler(t *testing.T) {
	outcomes := make(chan dedupe.Outcome, 10)
	guard := dedupe.New(slowStore{dedupe.NewMemory()}, observe(outcomes))
	addr := listen(t, verify, fiberv3urlr.Deduplicate(guard), succeed)
	require.NoError(t, request(t, addr).Close())
	defer request(t, addr).Close()
	assert.ElementsMatch(t, []dedupe.Outcome{dedupe.Failed, dedupe.Processed}, []dedupe.Outcome{<-outcomes, <-outcomes})
}

// End closes the connection, so it can't be inspected.
func TestEnd(t *testing.T) {
	store := newEndedStore()
	addr := listen(t, verify, fiberv3urlr.Deduplicate(dedupe.New(store)), func(c fiber.Ctx) error {
		return c.Status(fiber.StatusNoContent).End()
	})
	defer request(t, addr).Close()
	assert.True(t, store.nextEnd(t), "a credit is kept")
}
