package ginurlr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// post sends a chunked delivery to a server and returns the response.
func post(t *testing.T, h http.Handler, secret string) (status int, body string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	r := urlrtest.NewRequest(server.URL+"/", secret, urlrtest.NewEvent())
	r.ContentLength = -1
	response, err := server.Client().Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(b)
}

// gin.ErrorLogger responds with the text of each attached error.
func TestAttachedErrorsHaveNoPrivateText(t *testing.T) {
	private := errors.New("dial tcp 10.0.0.7: refused")
	public := &gin.Error{Err: private, Type: gin.ErrorTypePublic, Meta: private.Error()}
	for name, err := range map[string]error{
		"an error":             private,
		"a temporary error":    fmt.Errorf("%w: %w", core.ErrUnavailable, private),
		"a public error":       public,
		"a wrapped public one": fmt.Errorf("insert: %w", public),
	} {
		t.Run(name, func(t *testing.T) {
			var attached []*gin.Error
			r := gin.New()
			r.Use(gin.ErrorLogger(), func(c *gin.Context) {
				c.Next()
				attached = c.Errors
			})
			handle := func(context.Context, *core.Event) error { return err }
			r.POST("/", ginurlr.Verify(secret), ginurlr.Handler(handle))
			status, body := post(t, r, secret)
			assert.Equal(t, core.StatusCode(err), status)
			assert.NotContains(t, body, "10.0.0.7")
			require.Len(t, attached, 1)
			assert.ErrorIs(t, attached[0], private)
			assert.True(t, attached[0].IsType(gin.ErrorTypePrivate))
		})
	}
}

// An ErrorHandler can leave the response to middleware. Without any, the status is still a refusal.
func TestErrorHandlerAttaches(t *testing.T) {
	verify := ginurlr.VerifyWithConfig(ginurlr.Config{
		Verifier:     core.MustVerifier(secret),
		ErrorHandler: func(c *gin.Context, err error) { _ = c.Error(err) },
	})
	r := gin.New()
	r.POST("/", verify)
	status, body := post(t, r, "another secret")
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Empty(t, body)

	r = gin.New()
	r.Use(func(c *gin.Context) {
		c.Next()
		c.String(http.StatusTeapot, "%t", errors.Is(c.Errors.Last(), core.ErrSignatureMismatch))
	})
	r.POST("/", verify)
	status, body = post(t, r, "another secret")
	assert.Equal(t, http.StatusTeapot, status)
	assert.Equal(t, "true", body)
}

// A limitingBody responds while it is being read, like that of gin-contrib/size.
type limitingBody struct {
	io.ReadCloser
	c *gin.Context
}

func (b limitingBody) Read([]byte) (int, error) {
	b.c.String(http.StatusRequestEntityTooLarge, "too large")
	b.c.Abort()
	return 0, errors.New("too large")
}

func TestMiddlewareLimitsTheBody(t *testing.T) {
	reasons := make(chan error, 1)
	observe := core.WithObserver(func(_ context.Context, o core.Observation) { reasons <- o.Err })
	r := gin.New()
	r.Use(func(c *gin.Context) { c.Request.Body = limitingBody{c.Request.Body, c} })
	r.POST("/", ginurlr.Verify(secret, observe), func(*gin.Context) { t.Error("a refused request was handled") })
	status, body := post(t, r, secret)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
	assert.Equal(t, "too large", body, "and nothing more")
	assert.ErrorIs(t, <-reasons, core.ErrBodyTooLarge)
}

// Gin's own context carries the event only with ContextWithFallback.
func TestFromGinsContext(t *testing.T) {
	for _, fallback := range []bool{false, true} {
		r := gin.New()
		r.ContextWithFallback = fallback
		r.POST("/", ginurlr.Verify(secret), func(c *gin.Context) {
			e, ok := core.FromContext(c)
			assert.Equal(t, fallback, ok)
			if ok {
				assert.Same(t, ginurlr.Event(c), e)
			}
			never := core.HandlerFunc(func(context.Context, *core.Event) error { return nil })
			if err := never.Serve(c); !fallback {
				assert.ErrorIs(t, err, core.ErrNotVerified)
			}
		})
		status, _ := post(t, r, secret)
		assert.Equal(t, http.StatusOK, status)
	}
}
