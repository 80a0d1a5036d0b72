// Command lambda receives URLR webhooks in AWS Lambda, at a function URL whose invoke mode is
// RESPONSE_STREAM. docs/recipes.md says what Deduplicate can't see there.
//
//	GOOS=linux go build -o bootstrap ./examples/lambda   # for the runtime provided.al2023
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambdaurl"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	lambdaurl.Start(newApp(secret, record))
}

func newApp(secret string, record core.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(nethttpurlr.Handler(record)))
	return mux
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
