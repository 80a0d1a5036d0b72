package fiberurlr_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
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
	type acts []func(*testing.T, *net.TCPConn)
	for name, test := range map[string]struct {
		during, after acts
		lost          bool
	}{
		"stays":                      {},
		"closes after the response":  {after: acts{read, closeIt}},
		"resets after the response":  {after: acts{read, reset}},
		"closes early":               {during: acts{closeIt}, lost: true},
		"resets early":               {during: acts{reset}, lost: true},
		"closes its side and reads":  {during: acts{halfClose}, after: acts{read, closeIt}},
		"closes its side and leaves": {during: acts{halfClose, closeIt}, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			store := newEndedStore()
			entered, leave := make(chan bool), make(chan bool)
			deduplicate := fiberurlr.Deduplicate(dedupe.New(store))
			addr := listen(t, fiberurlr.Verify("secret"), deduplicate, func(c *fiber.Ctx) error {
				entered <- true
				<-leave
				return c.SendStatus(fiber.StatusNoContent)
			})
			connection := request(t, addr).(*net.TCPConn)
			<-entered
			for _, do := range test.during {
				do(t, connection)
				time.Sleep(50 * time.Millisecond) // until it reaches the server
			}
			leave <- true
			for _, do := range test.after {
				do(t, connection)
			}
			assert.Equal(t, test.lost, next(t, store.ended), "a credit is kept")
		})
	}
}

// A client that resets its connection after it has received the response has not lost it.
func TestResetAfterTheResponse(t *testing.T) {
	hasReset := make(chan bool)
	wait := dedupe.WithObserver(func(context.Context, dedupe.Observation) { <-hasReset })
	store := newEndedStore()
	deduplicate := fiberurlr.Deduplicate(dedupe.New(store, wait))
	addr := listen(t, fiberurlr.Verify("secret"), deduplicate, func(*fiber.Ctx) error { return nil })
	for range 100 {
		connection := request(t, addr).(*net.TCPConn)
		_, err := connection.Read(make([]byte, 1000))
		require.NoError(t, err)
		time.Sleep(acknowledgmentTime)
		require.NoError(t, connection.SetLinger(0))
		require.NoError(t, connection.Close())
		hasReset <- true
		assert.False(t, next(t, store.ended), "a credit is kept")
	}
}

// acknowledgmentTime is how long the acknowledgment of a response may take to reach the server's
// socket. Loopback packets from two CPUs may overtake each other, and a reset that overtakes the
// acknowledgment looks like a lost response.
const acknowledgmentTime = 20 * time.Millisecond

// next returns the next value of a channel, or fails the test after a timeout.
func next[T any](t *testing.T, values <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-values:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing comes")
	}
	return value
}

// An endedStore reports whether a credit is kept.
type endedStore struct {
	*dedupe.Memory
	ended chan bool
}

func newEndedStore() *endedStore { return &endedStore{dedupe.NewMemory(), make(chan bool, 1000)} }

func (s *endedStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	s.ended <- credit > 0
	return s.Memory.End(ctx, fingerprint, id, credit)
}

// A client disconnects between the end of the handler and the response.
func TestResetBeforeTheResponse(t *testing.T) {
	handled, hungUp, outcomes := make(chan bool), make(chan bool), make(chan dedupe.Outcome, 10)
	observe := dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
	guard := dedupe.New(dedupe.NewMemory(), observe)
	addr := listen(t, func(c *fiber.Ctx) error {
		err := c.Next()
		handled <- true
		<-hungUp
		return err
	}, fiberurlr.Verify("secret"), fiberurlr.Deduplicate(guard), func(*fiber.Ctx) error { return nil })
	connection := request(t, addr)
	<-handled
	require.NoError(t, connection.Close())
	time.Sleep(50 * time.Millisecond) // until it reaches the server
	hungUp <- true
	assert.Equal(t, dedupe.Processed, next(t, outcomes))
	assert.Equal(t, dedupe.CreditKept, next(t, outcomes))
}

// fasthttp does not close the user values of a request with a TimeoutError.
func TestTimeoutError(t *testing.T) {
	store := newEndedStore()
	addr := listen(t, fiberurlr.Verify("secret"), fiberurlr.Deduplicate(dedupe.New(store)), func(c *fiber.Ctx) error {
		c.Context().TimeoutError("busy")
		return nil
	})
	defer request(t, addr).Close()
	select {
	case credit := <-store.ended:
		assert.False(t, credit, "a credit is kept")
	case <-time.After(5 * time.Second):
		t.Fatal("the attempt does not end")
	}
}

// Each guard of a request is told of its end.
func TestTwoGuards(t *testing.T) {
	outcomes := make(chan dedupe.Outcome, 10)
	deduplicate := func() fiber.Handler {
		observe := dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
		return fiberurlr.Deduplicate(dedupe.New(dedupe.NewMemory(), observe))
	}
	addr := listen(t, fiberurlr.Verify("secret"), deduplicate(), deduplicate(), func(*fiber.Ctx) error { return nil })
	defer request(t, addr).Close()
	assert.Equal(t, dedupe.Processed, next(t, outcomes))
	assert.Equal(t, dedupe.Processed, next(t, outcomes))
}

// A slowStore delays each call.
type slowStore struct {
	*dedupe.Memory
	undone chan dedupe.AttemptID
}

func (s slowStore) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	s.undone <- id
	return s.Memory.Undo(ctx, fingerprint, id)
}

func (s slowStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	time.Sleep(300 * time.Millisecond)
	return s.Memory.Begin(ctx, fingerprint, id, lease)
}

// A delivery that was retried while the store was down is handled once.
func TestClientGoneBeforeTheHandler(t *testing.T) {
	outcomes := make(chan dedupe.Outcome, 10)
	observe := dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
	undone := make(chan dedupe.AttemptID, 10)
	guard := dedupe.New(slowStore{dedupe.NewMemory(), undone}, observe)
	addr := listen(t, fiberurlr.Verify("secret"), fiberurlr.Deduplicate(guard), func(*fiber.Ctx) error { return nil })
	require.NoError(t, request(t, addr).Close())
	defer request(t, addr).Close()
	got := []dedupe.Outcome{next(t, outcomes), next(t, outcomes)}
	assert.ElementsMatch(t, []dedupe.Outcome{dedupe.Failed, dedupe.Processed}, got)
	first, second := next(t, undone), next(t, undone)
	assert.NotEqual(t, first, second, "both may have begun twice")
}

func listen(t *testing.T, handlers ...fiber.Handler) (addr string) {
	t.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", handlers...)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- app.Listener(listener) }()
	t.Cleanup(func() {
		assert.NoError(t, app.ShutdownWithTimeout(10*time.Second))
		assert.NoError(t, <-done)
	})
	return listener.Addr().String()
}

// request sends a delivery and leaves the response unread.
func request(t *testing.T, addr string) net.Conn {
	t.Helper()
	var b bytes.Buffer
	r := urlrtest.NewRequest("http://"+addr+"/", "secret", &core.Event{Type: core.EventLinkClicked})
	require.NoError(t, r.Write(&b))
	connection, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() }) // the test may have closed it
	_, err = connection.Write(b.Bytes())
	require.NoError(t, err)
	return connection
}
