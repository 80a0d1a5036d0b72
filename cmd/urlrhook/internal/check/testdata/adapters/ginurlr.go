package main

import (
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/ginurlr"
)

func main() {
	guard := dedupe.New(dedupe.NewMemory())
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(count))
	log.Fatal(http.Serve(listen(), r))
}
