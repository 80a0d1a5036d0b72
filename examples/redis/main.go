// Command redis counts the clicks on each link in several instances that share one Redis. Each
// click counts once, whichever instances get a delivery and its retries.
//
//	URLR_WEBHOOK_SECRET=… docker compose -f examples/redis/compose.yaml up --build
//
// starts Redis, two instances and a load balancer at http://localhost:8080. GET /counts returns the
// counts.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	redisAddr := flag.String("redis", "127.0.0.1:6379", "`address` of Redis")
	flag.Parse()
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *addr, secret, newClient(*redisAddr))
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// newClient gives up before a sender does. With the default timeouts of go-redis, a delivery that
// arrives while Redis is down could wait so long that its sender retries it meanwhile.
func newClient(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr:        addr,
		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
		MaxRetries: 1, DialerRetries: 1,
	})
}

// shutdownTimeout limits the wait for deliveries in progress when the program stops, and then for
// their bookkeeping.
const shutdownTimeout = 5 * time.Second

// run serves until ctx is done.
func run(ctx context.Context, addr, secret string, client *redis.Client) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Println("listening on", listener.Addr())
	guard := dedupe.New(redisurlr.New(client), dedupe.WithObserver(logStoreFailure))
	server := &http.Server{
		Handler:           newMux(secret, guard, &counts{client}),
		ConnContext:       dedupe.ConnContext, // lets the guard see whether a client is still connected
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	return errors.Join(
		within(shutdownTimeout, server.Shutdown),
		within(shutdownTimeout, guard.Shutdown),
		client.Close(),
	)
}

func within(d time.Duration, shutdown func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return shutdown(ctx)
}

func newMux(secret string, guard *dedupe.Guard, counts *counts) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr",
		nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(counts.add))))
	mux.Handle("GET /counts", counts)
	return mux
}

func logStoreFailure(ctx context.Context, o dedupe.Observation) {
	if o.What == dedupe.StoreFailed {
		slog.WarnContext(ctx, "Redis is unavailable", "error", o.Err)
	}
}

// counts keeps the number of clicks on each link: here in Redis as well, but any database works.
type counts struct{ client redis.UniversalClient }

const countsKey = "clicks"

func (c *counts) add(ctx context.Context, click *core.Event) error {
	if err := c.client.HIncrBy(ctx, countsKey, click.Link.Code, 1).Err(); err != nil {
		return fmt.Errorf("%w: %w", core.ErrUnavailable, err) // 503: URLR retries
	}
	return nil
}

func (c *counts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	counted, err := c.client.HGetAll(r.Context(), countsKey).Result()
	if err != nil {
		http.Error(w, "Redis is unavailable", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(counted) // the client may have disconnected
}
