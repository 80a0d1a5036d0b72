package fiberv3urlr_test

import (
	"bytes"
	"context"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

var verify = fiberv3urlr.Verify("secret")

func succeed(c fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) }

// observe reports the outcomes of a guard.
func observe(outcomes chan dedupe.Outcome) dedupe.Option {
	return dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
}

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { fiberv3urlr.Deduplicate(nil) })
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, framework(fiber.New, fiber.Config{}))
}

// An endedStore reports when a sender is known to have disconnected, and whether a credit is kept.
type endedStore struct {
	*dedupe.Memory
	abandoned, ended chan bool
}

func newEndedStore() *endedStore {
	return &endedStore{dedupe.NewMemory(), make(chan bool, 1000), make(chan bool, 1000)}
}

func (s *endedStore) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	defer func() { s.abandoned <- true }()
	return s.Memory.Abandon(ctx, fingerprint, id)
}

func (s *endedStore) End(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration,
) error {
	defer func() { s.ended <- credit > 0 }()
	return s.Memory.End(ctx, fingerprint, id, credit)
}

// nextEnd waits for an attempt to end and reports whether a credit is kept.
func (s *endedStore) nextEnd(t *testing.T) (credit bool) {
	t.Helper()
	select {
	case credit = <-s.ended:
	case <-time.After(10 * time.Second):
		t.Fatal("no attempt ends")
	}
	return credit
}

func listen(t *testing.T, first any, handlers ...any) (addr string) {
	t.Helper()
	app := fiber.New()
	app.Post("/", first, handlers...)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- app.Listener(listener, quiet) }()
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
	_, err = connection.Write(b.Bytes())
	require.NoError(t, err)
	return connection
}
