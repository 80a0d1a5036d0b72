package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

// startReceiver runs the receiver on free ports until the test ends.
func startReceiver(t *testing.T, record core.HandlerFunc) (deliveriesURL, metricsURL string) {
	t.Helper()
	deliveries, scrapes := listen(t), listen(t)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, deliveries, scrapes, exampletest.Secret, record) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-served)
	})
	return "http://" + deliveries.Addr().String(), "http://" + scrapes.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return listener
}

// sample matches a line of the Prometheus text format.
var sample = regexp.MustCompile(`(?m)^(urlr_webhook_\w+)\{(.*)\} (\S+)$`)

// samples maps names with labels to values. It leaves out the labels of the instrumentation scope.
type samples map[string]string

var scopeLabels = regexp.MustCompile(`otel_scope_\w+="[^"]*",?`)

// scrapeAll scrapes until all deliveries of sendEach are counted: the guard counts them after they
// are answered.
func scrapeAll(t *testing.T, metricsURL string) (scraped samples) {
	t.Helper()
	require.Eventually(t, func() bool {
		scraped = scrape(t, metricsURL)
		return scraped[`urlr_webhook_deduplications_total{urlr_webhook_outcome="processed"}`] == "2" &&
			scraped[`urlr_webhook_deduplications_total{urlr_webhook_outcome="failed"}`] == "1"
	}, 10*time.Second, 10*time.Millisecond)
	return scraped
}

func scrape(t *testing.T, metricsURL string) samples {
	t.Helper()
	response, err := http.Get(metricsURL + "/metrics")
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	scraped := samples{}
	for _, match := range sample.FindAllStringSubmatch(string(body), -1) {
		labels := strings.TrimSuffix(scopeLabels.ReplaceAllString(match[2], ""), ",")
		scraped[match[1]+"{"+labels+"}"] = match[3]
	}
	return scraped
}

// sendEach sends a click, a click that the handler fails on, an unknown event and a forged
// delivery.
func sendEach(t *testing.T, url string) {
	t.Helper()
	failing := strings.Replace(exampletest.Body, "yBPhx", "down", 1)
	other := strings.Replace(exampletest.Body, "link_clicked", "link_created", 1)
	assert.Equal(t, http.StatusNoContent, exampletest.Send(t, url, exampletest.Secret, exampletest.Body).Status)
	assert.Equal(t, http.StatusServiceUnavailable, exampletest.Send(t, url, exampletest.Secret, failing).Status)
	assert.Equal(t, http.StatusNoContent, exampletest.Send(t, url, exampletest.Secret, other).Status)
	assert.Equal(t, http.StatusUnauthorized, exampletest.Send(t, url, "forged", exampletest.Body).Status)
}

func failingIfDown(_ context.Context, e *core.Event) error {
	if e.Link.Code == "down" {
		return core.ErrUnavailable
	}
	return nil
}

func TestScrape(t *testing.T) {
	url, metricsURL := startReceiver(t, failingIfDown)
	sendEach(t, url)
	scraped := scrapeAll(t, metricsURL)

	const click, other = `urlr_webhook_event_type="link_clicked"`, `urlr_webhook_event_type="other"`
	const signed = `urlr_webhook_form="raw",urlr_webhook_secret_index="0"`
	for labels, want := range map[string]string{
		`verify_duration_seconds_count{` + click + `,` + signed + `}`:                 "2",
		`verify_duration_seconds_count{` + other + `,` + signed + `}`:                 "1",
		`verify_duration_seconds_count{error_type="ErrSignatureMismatch"}`:            "1",
		`verify_duration_seconds_bucket{error_type="ErrSignatureMismatch",le="+Inf"}`: "1",
		`request_body_size_bytes_count{}`:                                             "3",
		`process_duration_seconds_count{` + click + `}`:                               "1",
		`process_duration_seconds_count{error_type="ErrUnavailable",` + click + `}`:   "1",
	} {
		assert.Equal(t, want, scraped["urlr_webhook_"+labels], labels)
	}
}

// A sender can't read the metrics.
func TestSeparateAddresses(t *testing.T) {
	url, metricsURL := startReceiver(t, failingIfDown)
	for _, test := range []string{url + "/metrics", metricsURL + exampletest.Path} {
		response, err := http.Get(test)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, response.StatusCode, test)
	}
}

func TestStart(t *testing.T) {
	taken := listen(t)
	defer func() { assert.NoError(t, taken.Close()) }()
	assert.Error(t, start(t.Context(), taken.Addr().String(), "127.0.0.1:0", exampletest.Secret))
	assert.Error(t, start(t.Context(), "127.0.0.1:0", taken.Addr().String(), exampletest.Secret))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.NoError(t, start(ctx, "127.0.0.1:0", "127.0.0.1:0", exampletest.Secret))

	// If one server fails, the other stops.
	deliveries, scrapes := listen(t), listen(t)
	require.NoError(t, scrapes.Close())
	err := serve(t.Context(), deliveries, scrapes, exampletest.Secret, failingIfDown)
	assert.ErrorIs(t, err, net.ErrClosed)
	_, err = net.Dial("tcp", deliveries.Addr().String())
	assert.Error(t, err, "it still receives")
}
