package main

import (
	"log"
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echov5urlr"
)

func main() {
	guard := dedupe.New(dedupe.NewMemory())
	e := echo.New()
	e.POST("/webhooks/urlr", echov5urlr.Handler(count), echov5urlr.Verify(secret), echov5urlr.Deduplicate(guard))
	log.Fatal(http.Serve(listen(), e))
}
