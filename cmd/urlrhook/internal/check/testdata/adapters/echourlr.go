package main

import (
	"log"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
)

func main() {
	guard := dedupe.New(dedupe.NewMemory())
	e := echo.New()
	e.POST("/webhooks/urlr", echourlr.Handler(count), echourlr.Verify(secret), echourlr.Deduplicate(guard))
	log.Fatal(http.Serve(listen(), e))
}
