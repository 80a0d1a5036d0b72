package fiberv3urlr_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// exchange sends requests on one connection and returns the statuses and bodies of the responses.
func exchange(t *testing.T, app *fiber.App, requests ...*http.Request) (responses []string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- app.Listener(listener, quiet) }()
	defer func() {
		assert.NoError(t, app.ShutdownWithTimeout(10*time.Second))
		assert.NoError(t, <-done)
	}()
	connection, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer connection.Close()
	require.NoError(t, connection.SetDeadline(time.Now().Add(10*time.Second)))
	var b bytes.Buffer
	for _, r := range requests {
		require.NoError(t, r.Write(&b))
	}
	_, err = connection.Write(b.Bytes())
	require.NoError(t, err)
	require.NoError(t, connection.(*net.TCPConn).CloseWrite())
	reader := bufio.NewReader(connection)
	for {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return responses
		}
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		responses = append(responses, strings.TrimSpace(response.Status[:4]+string(text)))
	}
}

func streaming(cfg fiber.Config) *fiber.App {
	cfg.StreamRequestBody = true
	return fiber.New(cfg)
}

func chunked(r *http.Request) *http.Request {
	r.ContentLength = -1
	return r
}

func signed(secret, body string) *http.Request {
	return urlrtest.NewRequestWithBody("http://localhost/", secret, []byte(body))
}

// genuine returns an authentic delivery.
func genuine() *http.Request {
	return urlrtest.NewRequest("http://localhost/", secret, urlrtest.NewEvent())
}

func acknowledge(context.Context, *core.Event) error { return nil }

// An ErrorHandler may read the body, for example to log it. It gets what the verifier has read.
func TestReadingAStreamAfterARefusal(t *testing.T) {
	app := streaming(fiber.Config{ErrorHandler: func(c fiber.Ctx, err error) error {
		return c.Status(core.StatusCode(err)).Send(c.Body())
	}})
	app.Post("/", fiberv3urlr.Verify(secret, core.WithMaxBodyBytes(2000)), fiberv3urlr.Handler(acknowledge))
	body := string(urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest))
	unsigned := chunked(signed(secret, body))
	unsigned.Header.Del(core.SignatureHeader)
	for _, test := range []struct {
		refused *http.Request
		want    []string
	}{
		{chunked(signed("another secret", body)), []string{"401 " + body, "204"}},
		{chunked(signed(secret, body+strings.Repeat(" ", 3000))), []string{"413 " + body}}, // without the spaces
		{unsigned, []string{"401"}},
	} {
		assert.Equal(t, test.want, exchange(t, app, test.refused, signed(secret, body)))
	}
}

// Middleware may have read the stream before.
func TestReadingAStreamBeforeVerify(t *testing.T) {
	app := streaming(fiber.Config{})
	app.Use(func(c fiber.Ctx) error {
		_ = c.Body()
		return c.Next()
	})
	app.Post("/", fiberv3urlr.Verify(secret), fiberv3urlr.Handler(acknowledge))
	forged := chunked(urlrtest.NewRequest("http://localhost/", "another secret", urlrtest.NewEvent()))
	responses := exchange(t, app, chunked(genuine()), forged, genuine())
	require.Len(t, responses, 3)
	assert.Equal(t, []string{"204", "401", "204"}, []string{responses[0], responses[1][:3], responses[2]})
}

// fasthttp reads beyond a streamed body larger than BodyLimit, so the start of the next request is
// unknown.
func TestStreamOverBodyLimit(t *testing.T) {
	app := streaming(fiber.Config{BodyLimit: 10})
	handled := 0
	app.Post("/", fiberv3urlr.Verify(secret), func(c fiber.Ctx) error {
		handled++
		assert.Equal(t, string(fiberv3urlr.Event(c).Raw()), string(c.Body()))
		return c.SendStatus(fiber.StatusNoContent)
	})
	assert.Equal(t, []string{"204"}, exchange(t, app, genuine(), genuine()))
	assert.Equal(t, 1, handled)
}

// Fiber parses a form before any middleware runs. Its original bytes are lost.
func TestFormIsRefused(t *testing.T) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	require.NoError(t, w.WriteField("event", "link_clicked"))
	require.NoError(t, w.Close())
	for _, test := range []struct {
		keep bool
		want string
	}{
		{false, "400 The body could not be read to its end."},
		{true, "422 The body must be a JSON object with an event type and no duplicate names."},
	} {
		app := fiber.New(fiber.Config{DisablePreParseMultipartForm: test.keep})
		app.Post("/", fiberv3urlr.Verify(secret), fiberv3urlr.Handler(acknowledge))
		r := urlrtest.NewRequestWithBody("http://localhost/", secret, form.Bytes())
		r.Header.Set("Content-Type", w.FormDataContentType())
		assert.Equal(t, []string{test.want}, exchange(t, app, r))
	}
}

// A Ctx is itself a context. Its values are the user values of the request.
func TestFromFibersContext(t *testing.T) {
	app := fiber.New()
	app.Post("/", fiberv3urlr.Verify(secret), func(c fiber.Ctx) error {
		for _, ctx := range []context.Context{c, c.RequestCtx(), c.Context()} {
			e, ok := core.FromContext(ctx)
			assert.True(t, ok)
			assert.Same(t, fiberv3urlr.Event(c), e)
		}
		return fiberv3urlr.Handler(acknowledge)(c)
	})
	assert.Equal(t, []string{"204"}, exchange(t, app, genuine()))
}

// A failingBody is a stream that fails.
type failingBody struct{ err error }

func (b failingBody) Read([]byte) (int, error) { return 0, b.err }

// Middleware may replace the body with another stream.
func TestStreamThatFails(t *testing.T) {
	for want, err := range map[string]error{
		"413 The body is too large.":                 fasthttp.ErrBodyTooLarge,
		"400 The body could not be read to its end.": io.ErrUnexpectedEOF,
		"401 The signature does not match the body.": io.EOF,
	} {
		app := streaming(fiber.Config{})
		app.Use(func(c fiber.Ctx) error {
			c.Request().SetBodyStream(failingBody{err}, -1)
			return c.Next()
		})
		app.Post("/", fiberv3urlr.Verify(secret), fiberv3urlr.Handler(acknowledge))
		responses := exchange(t, app, genuine())
		require.Len(t, responses, 1)
		assert.Contains(t, responses[0], want)
	}
}
