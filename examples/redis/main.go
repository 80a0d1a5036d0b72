// Command redis counts the clicks on each link, in several instances that share one Redis: each click
// once, whichever instance gets a delivery and its retries.
//
//	URLR_WEBHOOK_SECRET=… docker compose -f examples/redis/compose.yaml up --build
//
// starts Redis, two instances and a load balancer at http://localhost:8080. GET /counts shows what was
// counted.
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
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your folder at URLR")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *addr, secret, newClient(*redisAddr))
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// newClient gives up sooner than a sender does. With go-redis' own timeouts, a delivery that arrives
// while Redis is down could wait so long that its sender has sent it again.
func newClient(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr:        addr,
		DialTimeout: time.Second, ReadTimeout: time.Second, WriteTimeout: time.Second,
		MaxRetries: 1, DialerRetries: 1,
	})
}

// shutdownTime is how long deliveries that are under way may take when the program is stopped, and
// how long their bookkeeping may take after that.
const shutdownTime = 5 * time.Second

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
		ConnContext:       dedupe.ConnContext, // shows the guard whether a client is still there
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
	return errors.Join(within(shutdownTime, server.Shutdown), within(shutdownTime, guard.Shutdown), client.Close())
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
		slog.WarnContext(ctx, "no Redis", "error", o.Err)
	}
}

// counts keeps how often each link was clicked: in Redis too, though it could be any database.
type counts struct{ client redis.UniversalClient }

const countsKey = "clicks"

func (c *counts) add(ctx context.Context, click *core.Event) error {
	if err := c.client.HIncrBy(ctx, countsKey, click.Link.Code, 1).Err(); err != nil {
		return fmt.Errorf("%w: %w", core.ErrUnavailable, err) // answered with 503: URLR sends again
	}
	return nil
}

func (c *counts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	counted, err := c.client.HGetAll(r.Context(), countsKey).Result()
	if err != nil {
		http.Error(w, "no Redis", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(counted) // the client may be gone
}
