package main

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdaurl"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

// invoke calls handler as Lambda's runtime does, and returns the status after the response has
// ended.
func invoke(ctx context.Context, t *testing.T, handler http.Handler, request *events.LambdaFunctionURLRequest) int {
	t.Helper()
	response, err := lambdaurl.Wrap(handler)(ctx, request)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response.StatusCode
}

// newRequest returns a delivery as a function URL passes it on: header names are lowercase.
func newRequest(secret string) *events.LambdaFunctionURLRequest {
	request := &events.LambdaFunctionURLRequest{
		RawPath: exampletest.Path,
		Headers: map[string]string{
			"content-type": "application/json",
			"x-signature":  core.Sign(secret, []byte(exampletest.Body)),
		},
		Body: exampletest.Body,
	}
	request.RequestContext.DomainName = "example.lambda-url.eu-west-3.on.aws"
	request.RequestContext.HTTP.Method = http.MethodPost
	return request
}

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	app := newApp(exampletest.Secret, recorded.Record)

	encoded := newRequest(exampletest.Secret)
	encoded.Body, encoded.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(encoded.Body)), true
	twoSignatures := newRequest(exampletest.Secret)
	twoSignatures.Headers["x-signature"] += "," + twoSignatures.Headers["x-signature"]
	for name, test := range map[string]struct {
		request *events.LambdaFunctionURLRequest
		status  int
	}{
		"authentic":      {newRequest(exampletest.Secret), http.StatusNoContent},
		"base64":         {encoded, http.StatusNoContent},
		"forged":         {newRequest("forged"), http.StatusUnauthorized},
		"two signatures": {twoSignatures, http.StatusUnauthorized},
	} {
		assert.Equal(t, test.status, invoke(t.Context(), t, app, test.request), name)
	}
	assert.Len(t, recorded.Codes(), 2)
}

// What docs/recipes.md says about Deduplicate: it does not see that a response was lost, but it
// does see the timeout of the function.
func TestDeduplicate(t *testing.T) {
	for name, test := range map[string]struct {
		overtime bool // the handler takes longer than the function may
		counted  int  // of one delivery and its retry
	}{
		"response lost on its way": {overtime: false, counted: 2},
		"function out of time":     {overtime: true, counted: 1},
	} {
		t.Run(name, func(t *testing.T) {
			var recorded exampletest.Recorder
			record := func(ctx context.Context, click *core.Event) error {
				if test.overtime {
					<-ctx.Done()
				}
				return recorded.Record(ctx, click)
			}
			guard := dedupe.New(dedupe.NewMemory())
			app := nethttpurlr.Verify(exampletest.Secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(record)))
			for range 2 {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				invoke(ctx, t, app, newRequest(exampletest.Secret))
				cancel()
			}
			assert.Len(t, recorded.Codes(), test.counted)
		})
	}
}
