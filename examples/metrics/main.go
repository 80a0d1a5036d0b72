// Command metrics receives URLR's webhooks and serves metrics to Prometheus: how many deliveries
// arrive, how long they take, why some are refused, and what deduplication does.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/metrics
//
// It receives deliveries at http://127.0.0.1:8080/webhooks/urlr and serves metrics at
// http://127.0.0.1:9464/metrics. The addresses differ so that senders can't read the metrics.
// Import otelurlr/dashboard.json into Grafana to see them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	prometheusexporter "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/otelurlr"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to receive deliveries on")
	metricsAddr := flag.String("metrics", "127.0.0.1:9464", "`address` to serve metrics on")
	flag.Parse()
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your folder at URLR")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, *addr, *metricsAddr, secret)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func start(ctx context.Context, addr, metricsAddr, secret string) error {
	deliveries, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	scrapes, err := net.Listen("tcp", metricsAddr)
	if err != nil {
		return err
	}
	fmt.Printf("deliveries: http://%s/webhooks/urlr\n", deliveries.Addr())
	fmt.Printf("metrics:    http://%s/metrics\n", scrapes.Addr())
	return serve(ctx, deliveries, scrapes, secret, record)
}

// record stands for your code.
func record(_ context.Context, click *core.Event) error {
	log.Println(click.Link.Code, click.Country, click.Timestamp)
	return nil
}

// shutdownTime limits how long the program waits for deliveries in progress when it stops.
const shutdownTime = 5 * time.Second

// serve receives deliveries and serves metrics until ctx is done.
func serve(ctx context.Context, deliveries, scrapes net.Listener, secret string, record core.HandlerFunc) error {
	registry := prometheus.NewRegistry()
	observer, err := newObserver(registry)
	if err != nil {
		return err
	}
	guard := dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(observer.Deduplication))
	receiver := &http.Server{
		Handler:           newReceiver(secret, observer, guard, record),
		ConnContext:       dedupe.ConnContext,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
	}
	scraped := &http.Server{Handler: newMetrics(registry), ReadHeaderTimeout: 5 * time.Second}

	ended := make(chan error, 2)
	go func() { ended <- receiver.Serve(deliveries) }()
	go func() { ended <- scraped.Serve(scrapes) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	return errors.Join(err, receiver.Shutdown(ctx), guard.Shutdown(ctx), scraped.Shutdown(ctx))
}

// newObserver returns an observer that records to a Prometheus registry.
func newObserver(registry *prometheus.Registry) (*otelurlr.Observer, error) {
	exporter, err := prometheusexporter.New(prometheusexporter.WithRegisterer(registry))
	if err != nil {
		return nil, err
	}
	return otelurlr.New(otelurlr.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter))))
}

func newReceiver(
	secret string, observer *otelurlr.Observer, guard *dedupe.Guard, record core.HandlerFunc,
) http.Handler {
	verify := nethttpurlr.Verify(secret, core.WithObserver(observer.Verification))
	deduplicate := nethttpurlr.Deduplicate(guard)
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", verify(deduplicate(nethttpurlr.Handler(observer.Handler(record)))))
	return mux
}

func newMetrics(registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}
