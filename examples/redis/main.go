// Command redis counts the clicks on each link, in several instances that share one Redis: each click once, whichever instance gets a
// delivery and its retries.
//
//	URLR_WEBHOOK_SECRET=… docker compose -f examples/redis/compose.yaml up --build
//
// starts Redis, two instances and a load balancer at http://localhost:8080. GET /counts shows what was counted.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
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
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{
		Handler:           newMux(secret, redis.NewClient(&redis.Options{Addr: *redisAddr})),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
	}
	log.Fatal(server.Serve(listener))
}

func newMux(secret string, client redis.UniversalClient) *http.ServeMux {
	guard := dedupe.New(redisurlr.New(client), dedupe.WithObserver(logStoreFailure))
	counts := &counts{client}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(counts.add))))
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
