package fiberv3urlr_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/timeout"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const patience = 500 * time.Millisecond // a busy machine handles a delivery in less

func timeOut(h fiber.Handler) fiber.Handler { return timeout.New(h, timeout.Config{Timeout: patience}) }

func next(c fiber.Ctx) error { return c.Next() }

// A slowApp has handlers that wait for the test to tell them what to return.
type slowApp struct {
	store   *endedStore
	addr    string
	client  http.Client
	entered chan fiber.Ctx
	leave   chan func(fiber.Ctx) error
	over    chan bool // Fiber is done with a request
}

// newSlowApp mounts middleware after Verify. The middleware gets Deduplicate and the handler.
func newSlowApp(t *testing.T, middleware func(deduplicate, handler fiber.Handler) []any) *slowApp {
	t.Helper()
	app := &slowApp{
		store:   newEndedStore(),
		client:  http.Client{Transport: &http.Transport{}},
		entered: make(chan fiber.Ctx, 1),
		leave:   make(chan func(fiber.Ctx) error),
		over:    make(chan bool, 10),
	}
	handler := func(c fiber.Ctx) error {
		app.entered <- c
		return (<-app.leave)(c)
	}
	guarded := middleware(fiberv3urlr.Deduplicate(dedupe.New(app.store)), handler)
	app.addr = listen(t, app.renderErrors, append([]any{verify}, guarded...)...)
	return app
}

// renderErrors responds to errors before Fiber does. In v3.1, Fiber would race with an abandoned
// handler.
func (app *slowApp) renderErrors(c fiber.Ctx) error {
	defer func() { app.over <- true }()
	if err := c.Next(); err != nil {
		return fiber.DefaultErrorHandler(c, err)
	}
	return nil
}

// deliver sends a delivery and returns the status of the response.
func (app *slowApp) deliver(t *testing.T) int {
	t.Helper()
	r := urlrtest.NewRequest("http://"+app.addr+"/", "secret", &core.Event{Type: core.EventLinkClicked})
	response, err := app.client.Do(r)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	<-app.over
	return response.StatusCode
}

// handle sends a delivery whose handler returns immediately.
func (app *slowApp) handle(t *testing.T) int {
	t.Helper()
	go func() { app.leave <- succeed }()
	status := app.deliver(t)
	select {
	case <-app.entered:
		return status
	default:
		<-app.leave // which nobody took
		return -status
	}
}

const (
	handled = fiber.StatusNoContent
	skipped = -fiber.StatusNoContent
)

// Fiber's timeout middleware responds while the handler is running. The handler's outcome counts.
func TestTimeoutBeforeDeduplicate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		leave  func(fiber.Ctx) error
		credit bool
		retry  int
	}{
		"succeeds":    {succeed, true, skipped},
		"returns nil": {func(fiber.Ctx) error { return nil }, true, skipped},
		"fails":       {func(fiber.Ctx) error { return errors.New("down") }, false, handled},
		"responds with 500": {func(c fiber.Ctx) error {
			return c.SendStatus(fiber.StatusInternalServerError)
		}, false, handled},
		"panics":       {func(fiber.Ctx) error { panic("down") }, false, handled},
		"is abandoned": {abandonAnother, false, handled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := newSlowApp(t, func(deduplicate, handler fiber.Handler) []any {
				return []any{timeOut(next), deduplicate, handler}
			})
			assert.Equal(t, fiber.StatusRequestTimeout, app.deliver(t))
			<-app.entered
			<-app.store.abandoned
			assert.Equal(t, fiber.StatusServiceUnavailable, app.deliver(t),
				"it may be a retry of the delivery in progress")
			app.leave <- test.leave
			assert.Equal(t, test.credit, app.store.nextEnd(t), "a credit is kept")
			assert.Equal(t, test.retry, app.handle(t))
			assert.False(t, app.store.nextEnd(t))
			assert.Equal(t, handled, app.handle(t), "a twin")
		})
	}
}

// abandonAnother returns like Fiber's timeout middleware of a route whose handler is still running.
func abandonAnother(c fiber.Ctx) error {
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	c.SetContext(ctx)
	return nil
}

// The middleware also abandons a request whose context is canceled elsewhere.
func TestCancelBeforeDeduplicate(t *testing.T) {
	t.Parallel()
	var cancel context.CancelFunc
	cancelable := func(c fiber.Ctx) error {
		var ctx context.Context
		ctx, cancel = context.WithCancel(c.Context())
		c.SetContext(ctx)
		return c.Next()
	}
	app := newSlowApp(t, func(deduplicate, handler fiber.Handler) []any {
		return []any{cancelable, timeout.New(next, timeout.Config{Timeout: time.Minute}), deduplicate, handler}
	})
	go func() {
		<-app.entered
		cancel()
	}()
	assert.Equal(t, fiber.StatusRequestTimeout, app.deliver(t))
	app.leave <- succeed
	assert.True(t, app.store.nextEnd(t), "a credit is kept")
}

// Mounted after Deduplicate, the middleware reports a failure, whatever the handler's outcome.
func TestTimeoutAfterDeduplicate(t *testing.T) {
	t.Parallel()
	app := newSlowApp(t, func(deduplicate, handler fiber.Handler) []any {
		return []any{deduplicate, timeOut(handler)}
	})
	assert.Equal(t, fiber.StatusRequestTimeout, app.deliver(t))
	<-app.entered
	assert.False(t, app.store.nextEnd(t), "a credit is kept")
	app.leave <- succeed
	assert.Equal(t, handled, app.handle(t))
}

// A response in time is like any other.
func TestInTime(t *testing.T) {
	t.Parallel()
	for name, middleware := range map[string]func(deduplicate, handler fiber.Handler) []any{
		"before": func(deduplicate, handler fiber.Handler) []any { return []any{timeOut(next), deduplicate, handler} },
		"after":  func(deduplicate, handler fiber.Handler) []any { return []any{deduplicate, timeOut(handler)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := newSlowApp(t, middleware)
			for range 3 {
				assert.Equal(t, handled, app.handle(t))
				assert.False(t, app.store.nextEnd(t), "a credit is kept")
			}
		})
	}
}

// The timeout may expire between the end of the handler and the response.
func TestTimeoutAfterTheHandler(t *testing.T) {
	t.Parallel()
	late := func(c fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.Context(), patience)
		defer cancel()
		c.SetContext(ctx)
		err := c.Next()
		<-ctx.Done()
		c.RequestCtx().TimeoutErrorWithCode("late", fiber.StatusRequestTimeout)
		c.Abandon()
		return err
	}
	app := newSlowApp(t, func(deduplicate, handler fiber.Handler) []any { return []any{late, deduplicate, handler} })
	assert.Equal(t, fiber.StatusRequestTimeout, app.handle(t))
	assert.True(t, app.store.nextEnd(t), "a credit is kept")
	assert.Equal(t, -fiber.StatusRequestTimeout, app.handle(t), "the retry is not handled")
}

// fasthttp does not close the user values of a request with a TimeoutError.
func TestTimeoutError(t *testing.T) {
	store := newEndedStore()
	addr := listen(t, verify, fiberv3urlr.Deduplicate(dedupe.New(store)), func(c fiber.Ctx) error {
		c.RequestCtx().TimeoutError("busy")
		return nil
	})
	defer request(t, addr).Close()
	assert.False(t, store.nextEnd(t), "a credit is kept")
}
