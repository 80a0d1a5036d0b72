// Command durable loses no click and counts none twice, even if it is killed at any moment. The
// handler's write to SQLite, the bookkeeping of Deduplicate and a message in an outbox are
// committed in one transaction. A Watermill router in the same process takes the messages out of
// the outbox and prints them. Prometheus metrics are at http://127.0.0.1:9464/metrics.
//
//	go run ./examples/durable
//
// It reads the secret from URLR_WEBHOOK_SECRET. Without one, it generates a random secret and sends
// itself clicks, some of them twins. Kill it and restart it with the same file: the numbers
// continue without a gap. A number is printed twice if the program was killed between printing it
// and deleting the message: a consumer whose effect matters records the UUIDs that it has handled.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/otelurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

const path = "/webhooks/urlr"

type config struct {
	addr    string
	metrics string // the address to serve metrics on
	file    string // empty: a temporary one
	secret  string // empty: a random one, and the program sends itself clicks
}

func main() {
	cfg := config{secret: os.Getenv("URLR_WEBHOOK_SECRET")}
	flag.StringVar(&cfg.addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	flag.StringVar(&cfg.metrics, "metrics", "127.0.0.1:9464", "`address` to serve metrics on")
	flag.StringVar(&cfg.file, "db", "",
		"SQLite `file` to keep the clicks in; default: a new one in the temporary folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, cfg)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "durable:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done.
func run(ctx context.Context, out io.Writer, cfg config) error {
	if cfg.file == "" {
		dir, err := os.MkdirTemp("", "urlr-durable-")
		if err != nil {
			return err
		}
		cfg.file = filepath.Join(dir, "clicks.db")
	}
	db, err := openDatabase(ctx, cfg.file)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // what matters is committed
	observer, scrapes, err := serveMetrics(cfg.metrics)
	if err != nil {
		return err
	}
	defer scrapes.Close() //nolint:errcheck // the program ends
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return err
	}
	if err := printState(ctx, out, db); err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintln(out, "listening on", listener.Addr())
	fmt.Fprintf(out, "metrics at http://%s/metrics\n", scrapes.Addr())
	fmt.Fprintf(out, "Kill it with kill -9 %d, and go on with: go run ./examples/durable -db %s\n",
		os.Getpid(), cfg.file)
	err = serve(ctx, out, listener, db, observer, cfg.secret)
	return errors.Join(err, printState(context.Background(), out, db))
}

// serve receives and prints clicks until ctx is done.
func serve(
	ctx context.Context, out io.Writer, listener net.Listener, db *sql.DB, observer *otelurlr.Observer, secret string,
) error {
	router, err := newRouter(out, db)
	if err != nil {
		return err
	}
	guard, handler := newReceiver(db, observer, cmp.Or(secret, randomSecret))
	server := &http.Server{
		Handler:           handler,
		ConnContext:       dedupe.ConnContext, // shows the guard whether a client is still there
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
	}
	ended := make(chan error, 2)
	go func() { ended <- router.Run(context.Background()) }()
	go func() { ended <- server.Serve(listener) }()
	if secret == "" {
		go sendDemo(ctx, "http://"+listener.Addr().String()+path, randomSecret)
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	return errors.Join(err,
		within(shutdownTime, server.Shutdown), within(shutdownTime, guard.Shutdown), router.Close())
}

var randomSecret = rand.Text()

// shutdownTime limits the deliveries in progress when the program is stopped, and then their
// bookkeeping.
const shutdownTime = 5 * time.Second

func within(d time.Duration, shutdown func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return shutdown(ctx)
}

// lease is how long a retry is deferred if the process was killed. The handler takes milliseconds.
const lease = 3 * time.Second

// newReceiver returns the endpoint.
func newReceiver(db *sql.DB, observer *otelurlr.Observer, secret string) (*dedupe.Guard, http.Handler) {
	store := newStore(db)
	guard := dedupe.New(store, dedupe.WithLease(lease), dedupe.WithObserver(observer.Deduplication))
	verify := nethttpurlr.Verify(secret, core.WithObserver(observer.Verification))
	handler := nethttpurlr.Handler(observer.Handler(logged(store.Handler(record))))
	mux := http.NewServeMux()
	mux.Handle("POST "+path, verify(nethttpurlr.Deduplicate(guard)(handler)))
	return guard, mux
}

func newStore(db *sql.DB) *sqlurlr.Store { return sqlurlr.New(db, sqlurlr.SQLite) }

// logged logs the errors of a handler, because the response contains only a status.
func logged(h core.HandlerFunc) core.HandlerFunc {
	return func(ctx context.Context, e *core.Event) error {
		err := h(ctx, e)
		if err != nil {
			fmt.Fprintln(os.Stderr, "not recorded:", err)
		}
		return err
	}
}

// newRouter returns the consumer. It is in the same process here, but could be in any other.
func newRouter(out io.Writer, db *sql.DB) (*message.Router, error) {
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: shutdownTime}, nil)
	if err != nil {
		return nil, err
	}
	router.AddConsumerHandler("print", topic, newOutbox(db), printer(out))
	return router, nil
}
