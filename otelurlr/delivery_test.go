package otelurlr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// endpoint returns an endpoint with everything mounted. Each request gets a span, as with otelhttp.
func (tel *telemetry) endpoint(h core.HandlerFunc) http.Handler {
	verify := nethttpurlr.Verify(secret,
		core.WithSecrets("whsec_old"), core.WithObserver(tel.Verification))
	guard := dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(tel.Deduplication))
	next := verify(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(tel.Handler(h))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := tel.tracer.Start(r.Context(), "POST", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// deliver sends a request to the endpoint and returns the status, or 0 if there is no answer. It
// returns after the endpoint's handler has.
func deliver(t *testing.T, endpoint http.Handler, request func(url string) *http.Request) (status int) {
	t.Helper()
	server := httptest.NewServer(endpoint)
	defer server.Close() // waits for the handler
	client := server.Client()
	response, err := client.Do(request(server.URL))
	if err != nil {
		t.Log(err)
		return 0
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response.StatusCode
}

type delivery struct {
	secret  string           // "" for none
	body    string           // "" for a click
	handler core.HandlerFunc // nil succeeds
	status  int

	verified  string // attributes of the verification
	processed string // attributes of the handler call, or uncalled
	outcome   dedupe.Outcome
}

const uncalled = "uncalled"

var deliveries = map[string]delivery{
	"click": {
		secret: secret, status: 204,
		verified:  "urlr.webhook.event.type=link_clicked,urlr.webhook.form=raw,urlr.webhook.secret.index=0",
		processed: "urlr.webhook.event.type=link_clicked", outcome: dedupe.Processed,
	},
	"old secret, other type": {
		secret: "whsec_old", body: `{"event":"link_created"}`, status: 204,
		verified:  "urlr.webhook.event.type=other,urlr.webhook.form=raw,urlr.webhook.secret.index=1",
		processed: "urlr.webhook.event.type=other", outcome: dedupe.Processed,
	},
	"no signature": {
		status: 401, verified: "error.type=ErrNoSignature", processed: uncalled,
	},
	"forged": {
		secret: "forged", status: 401, verified: "error.type=ErrSignatureMismatch", processed: uncalled,
	},
	"no event": {
		secret: secret, body: "[]", status: 422, processed: uncalled,
		verified: "error.type=ErrMalformedEvent,urlr.webhook.form=raw,urlr.webhook.secret.index=0",
	},
	"too large": {
		secret: secret, body: strings.Repeat(" ", core.DefaultMaxBodyBytes+1), status: 413,
		verified: "error.type=ErrBodyTooLarge", processed: uncalled,
	},
	"dependency down": {
		secret: secret, status: 503, handler: failing(fmt.Errorf("%w: s3cr3t", core.ErrUnavailable)),
		verified:  "urlr.webhook.event.type=link_clicked,urlr.webhook.form=raw,urlr.webhook.secret.index=0",
		processed: "error.type=ErrUnavailable,urlr.webhook.event.type=link_clicked", outcome: dedupe.Failed,
	},
	"handler fails": {
		secret: secret, status: 500, handler: failing(errors.New("s3cr3t")),
		verified:  "urlr.webhook.event.type=link_clicked,urlr.webhook.form=raw,urlr.webhook.secret.index=0",
		processed: "error.type=unforeseen,urlr.webhook.event.type=link_clicked", outcome: dedupe.Failed,
	},
	"handler fails with a refusal": { // maybe it verified something else
		secret: secret, status: 500, handler: failing(core.ErrSignatureMismatch),
		verified:  "urlr.webhook.event.type=link_clicked,urlr.webhook.form=raw,urlr.webhook.secret.index=0",
		processed: "error.type=unforeseen,urlr.webhook.event.type=link_clicked", outcome: dedupe.Failed,
	},
	"handler panics": {
		secret: secret, status: 0,
		handler:   func(context.Context, *core.Event) error { panic(http.ErrAbortHandler) },
		verified:  "urlr.webhook.event.type=link_clicked,urlr.webhook.form=raw,urlr.webhook.secret.index=0",
		processed: "error.type=panic,urlr.webhook.event.type=link_clicked", outcome: dedupe.Failed,
	},
}

func failing(err error) core.HandlerFunc {
	return func(context.Context, *core.Event) error { return err }
}

func (d delivery) request(url string) *http.Request {
	r := urlrtest.NewRequest(url, d.secret, urlrtest.NewEvent())
	if d.body != "" {
		r = urlrtest.NewRequestWithBody(url, d.secret, []byte(d.body))
	}
	if d.secret == "" {
		r.Header.Del(core.SignatureHeader)
	}
	return r
}

// A delivery adds one measurement to each metric that it reaches.
func TestMetricsOfDeliveries(t *testing.T) {
	for name, test := range deliveries {
		t.Run(name, func(t *testing.T) {
			tel := newTelemetry(t)
			assert.Equal(t, test.status, deliver(t, tel.endpoint(test.handle), test.request))

			want := map[string]int{
				"urlr.webhook.verify.duration{" + test.verified + "}":                1,
				"urlr.webhook.request.body.size{" + errorTypeOf(test.verified) + "}": 1,
			}
			if test.processed != uncalled {
				want["urlr.webhook.process.duration{"+test.processed+"}"] = 1
				want["urlr.webhook.deduplications{urlr.webhook.outcome="+string(test.outcome)+"}"] = 1
			}
			assert.Equal(t, want, tel.counts(t))
		})
	}
}

func (d delivery) handle(ctx context.Context, e *core.Event) error {
	if d.handler == nil {
		return nil
	}
	return d.handler(ctx, e)
}

func errorTypeOf(attributes string) string {
	first, _, _ := strings.Cut(attributes, ",")
	if strings.HasPrefix(first, "error.type=") {
		return first
	}
	return ""
}

// The request's span gets attributes, and the handler runs in a child span.
func TestSpansOfDeliveries(t *testing.T) {
	for name, test := range deliveries {
		t.Run(name, func(t *testing.T) {
			tel := newTelemetry(t)
			var inHandler trace.SpanContext
			deliver(t, tel.endpoint(func(ctx context.Context, e *core.Event) error {
				inHandler = trace.SpanContextFromContext(ctx)
				return test.handle(ctx, e)
			}), test.request)

			spans := tel.spans.Ended() // in the order in which they ended, the request's last
			want := test.verified
			if test.processed != uncalled {
				want += ",urlr.webhook.outcome=" + string(test.outcome)
			}
			require.Len(t, spans, strings.Count(want, "outcome")+1)
			request := spans[len(spans)-1]
			assert.Equal(t, "POST", request.Name())
			assert.ElementsMatch(t, split(want), attributesOf(request))
			if test.processed == uncalled {
				return
			}
			process := spans[0]
			assert.Equal(t, "urlr.webhook.process", process.Name())
			assert.Equal(t, process.SpanContext(), inHandler)
			assert.Equal(t, request.SpanContext().SpanID(), process.Parent().SpanID())
			assert.ElementsMatch(t, split(test.processed), attributesOf(process))
			reason, fails := strings.CutPrefix(errorTypeOf(test.processed), "error.type=")
			assert.Equal(t, fails, process.Status().Code == codes.Error)
			assert.Equal(t, reason, process.Status().Description, "no text of an error")
			assert.Empty(t, process.Events(), "no text of an error")
		})
	}
}

func split(attributes string) []string {
	if attributes == "" {
		return nil
	}
	return strings.Split(attributes, ",")
}

func attributesOf(span sdktrace.ReadOnlySpan) []string {
	var all []string
	for _, a := range span.Attributes() {
		all = append(all, string(a.Key)+"="+a.Value.String())
	}
	return all
}
