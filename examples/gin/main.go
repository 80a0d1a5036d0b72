// Command gin receives URLR webhooks with Gin.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/gin
package main

import (
	"context"
	"log"
	"os"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/ginurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	log.Fatal(newApp(secret, record).Run("127.0.0.1:8080"))
}

func newApp(secret string, record core.HandlerFunc) *gin.Engine {
	r := gin.New()
	r.Use(gin.Recovery())
	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Handler(record))
	return r
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
