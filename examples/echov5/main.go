// Command echov5 receives URLR webhooks with Echo v5.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/echov5
package main

import (
	"context"
	"log"
	"os"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echov5urlr"
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
	e.POST("/webhooks/urlr", echov5urlr.Handler(record), echov5urlr.Verify(secret))
	return e
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
