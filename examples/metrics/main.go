// Command metrics is a receiver that Prometheus can watch: how many deliveries arrive, how long they
// take, why some are refused, and what de-duplication does.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/metrics
//
// It receives deliveries at http://127.0.0.1:8080/webhooks/urlr and serves the metrics at
// http://127.0.0.1:9464/metrics: at another address, since they are not for everybody who can send
// deliveries. The dashboard for Grafana is otelurlr/dashboard.json.
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
	addr := flag.String("addr", "127.0.0.1:8080", "`address` that receives deliveries")
	metricsAddr := flag.String("metrics", "127.0.0.1:9464", "`address` that serves metrics")
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
	fmt.Printf("receiving at http://%s/webhooks/urlr, metrics at http://%s/metrics\n", deliveries.Addr(), scrapes.Addr())
	return serve(ctx, deliveries, scrapes, secret, record)
}

// record is where your code goes.
func record(_ context.Context, click *core.Event) error {
	log.Println(click.Link.Code, click.Country, click.Timestamp)
	return nil
}

// shutdownTime is how long deliveries that are under way may take when the program is stopped.
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

// newObserver returns an observer whose metrics are in a registry of Prometheus.
func newObserver(registry *prometheus.Registry) (*otelurlr.Observer, error) {
	exporter, err := prometheusexporter.New(prometheusexporter.WithRegisterer(registry))
	if err != nil {
		return nil, err
	}
	return otelurlr.New(otelurlr.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter))))
}

func newReceiver(secret string, observer *otelurlr.Observer, guard *dedupe.Guard, record core.HandlerFunc) http.Handler {
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
