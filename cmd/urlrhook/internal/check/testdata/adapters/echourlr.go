package main

import (
	"log"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
)

func main() {
	e := echo.New()
	e.POST("/webhooks/urlr", echourlr.Handler(count), echourlr.Verify(secret), echourlr.Deduplicate(dedupe.New(dedupe.NewMemory())))
	log.Fatal(http.Serve(listen(), e))
}
