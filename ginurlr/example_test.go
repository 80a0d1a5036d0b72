package ginurlr_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_test"

// newRouter is like gin.New without debug output.
func newRouter() *gin.Engine {
	gin.SetMode(gin.TestMode)
	return gin.New()
}

// deliver sends an event, signed with secret, to a router and prints the status of the response.
func deliver(h http.Handler, secret string) {
	r := urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code)
}

func ExampleVerify() {
	r := newRouter()
	r.POST("/webhooks/urlr", ginurlr.Verify(secret), func(c *gin.Context) {
		click := ginurlr.Event(c)
		fmt.Println(click.Link.Code, click.Country)
		c.Status(http.StatusNoContent)
	})

	deliver(r, secret)
	deliver(r, "forged")
	// Output:
	// yBPhx FR
	// 204
	// 401
}

func ExampleVerifyWithConfig() {
	r := newRouter()
	r.Use(ginurlr.VerifyWithConfig(ginurlr.Config{
		Verifier: core.MustVerifier(secret, core.WithSecrets("whsec_before")),
		Skipper:  func(c *gin.Context) bool { return c.FullPath() == "/health" },
		ErrorHandler: func(c *gin.Context, err error) {
			fmt.Println(err)
			c.Status(core.StatusCode(err))
		},
	}))
	r.POST("/webhooks/urlr", ginurlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(r, "whsec_before")
	deliver(r, "forged")
	// Output:
	// 204
	// urlr: signature mismatch
	// 401
}

func ExampleEvent() {
	r := newRouter()
	webhooks := r.Group("/webhooks", ginurlr.Verify(secret))
	webhooks.POST("/urlr", func(c *gin.Context) {
		fmt.Println(ginurlr.Event(c).Type)
	})

	deliver(r, secret)
	// Output:
	// link_clicked
	// 200
}

func ExampleHandler() {
	r := newRouter()
	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Handler(func(_ context.Context, e *core.Event) error {
		return fmt.Errorf("insert %s: %w", e.Link.Code, core.ErrUnavailable) // URLR retries
	}))

	deliver(r, secret)
	// Output: 503
}

// Each click reaches the handler once. A single process can keep its state in memory; several need
// a shared store.
func ExampleDeduplicate() {
	r := newRouter()
	deduplicate := ginurlr.Deduplicate(dedupe.New(dedupe.NewMemory()))
	r.POST("/webhooks/urlr", ginurlr.Verify(secret), deduplicate, func(c *gin.Context) {
		fmt.Println("recorded", ginurlr.Event(c).Link.Code)
		c.Status(http.StatusNoContent)
	})

	deliver(r, secret)
	// Output:
	// recorded yBPhx
	// 204
}
