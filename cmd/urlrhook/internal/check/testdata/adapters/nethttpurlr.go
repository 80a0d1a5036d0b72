package main

import (
	"log"
	"net/http"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	h := nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(dedupe.New(dedupe.NewMemory()))(nethttpurlr.Handler(count)))
	log.Fatal(http.Serve(listen(), h))
}
