// Command echo receives URLR webhooks with Echo v4.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/echo
package main

import (
	"context"
	"log"
	"os"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echourlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	log.Fatal(newApp(secret, record).Start("127.0.0.1:8080"))
}

func newApp(secret string, record core.HandlerFunc) *echo.Echo {
	e := echo.New()
	e.Use(middleware.Recover())
	e.POST("/webhooks/urlr", echourlr.Handler(record), echourlr.Verify(secret))
	return e
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
