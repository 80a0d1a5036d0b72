//go:build unix

package fiberurlr_test

import (
	"bytes"
	"context"
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

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { fiberurlr.Deduplicate(nil) })
}

// A client that goes away between the end of the handler and the answer.
func TestAnswerReset(t *testing.T) {
	handled, hungUp, outcomes := make(chan bool), make(chan bool), make(chan dedupe.Outcome, 10)
	guard := dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What }))
	addr := listen(t, func(c *fiber.Ctx) error {
		err := c.Next()
		handled <- true
		<-hungUp
		return err
	}, fiberurlr.Verify("secret"), fiberurlr.Deduplicate(guard), func(*fiber.Ctx) error { return nil })
	connection := request(t, addr)
	<-handled
	require.NoError(t, connection.Close())
	time.Sleep(50 * time.Millisecond) // until that is on the server's side of the loopback
	hungUp <- true
	assert.Equal(t, dedupe.Processed, <-outcomes)
	assert.Equal(t, dedupe.CreditKept, <-outcomes)
}

// Each guard of a request hears of its end.
func TestTwoGuards(t *testing.T) {
	outcomes := make(chan dedupe.Outcome, 10)
	deduplicate := func() fiber.Handler {
		observe := dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
		return fiberurlr.Deduplicate(dedupe.New(dedupe.NewMemory(), observe))
	}
	addr := listen(t, fiberurlr.Verify("secret"), deduplicate(), deduplicate(), func(*fiber.Ctx) error { return nil })
	defer request(t, addr).Close()
	assert.Equal(t, dedupe.Processed, <-outcomes)
	assert.Equal(t, dedupe.Processed, <-outcomes)
}

// A slowStore takes its time.
type slowStore struct{ *dedupe.Memory }

func (s slowStore) Begin(ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease) (dedupe.Decision, error) {
	time.Sleep(300 * time.Millisecond)
	return s.Memory.Begin(ctx, fingerprint, id, lease)
}

// What was sent again while the store was down is handled once.
func TestClientGoneBeforeTheHandler(t *testing.T) {
	outcomes := make(chan dedupe.Outcome, 10)
	guard := dedupe.New(slowStore{dedupe.NewMemory()}, dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What }))
	addr := listen(t, fiberurlr.Verify("secret"), fiberurlr.Deduplicate(guard), func(*fiber.Ctx) error { return nil })
	require.NoError(t, request(t, addr).Close())
	defer request(t, addr).Close()
	assert.ElementsMatch(t, []dedupe.Outcome{dedupe.Failed, dedupe.Processed}, []dedupe.Outcome{<-outcomes, <-outcomes})
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

// request sends a delivery and leaves its answer unread.
func request(t *testing.T, addr string) net.Conn {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, urlrtest.NewRequest("http://"+addr+"/", "secret", &core.Event{Type: core.EventLinkClicked}).Write(&b))
	connection, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	_, err = connection.Write(b.Bytes())
	require.NoError(t, err)
	return connection
}
