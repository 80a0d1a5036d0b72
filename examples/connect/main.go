// Command connect receives URLR webhooks beside a Connect service, which reports how often a link
// was clicked.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/connect
//	curl -H 'content-type: application/json' -d '"yBPhx"' localhost:8080/clicks.v1.ClickService/Count
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	log.Fatal(newServer("127.0.0.1:8080", newApp(secret)).ListenAndServe())
}

func newServer(addr string, handler http.Handler) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)            // webhooks, and Connect's own protocol
	protocols.SetUnencryptedHTTP2(true) // gRPC
	return &http.Server{Addr: addr, Handler: handler, Protocols: protocols, ReadTimeout: 10 * time.Second}
}

// countProcedure is what generated code calls ClickServiceCountProcedure.
const countProcedure = "/clicks.v1.ClickService/Count"

// newApp mounts Verify only around the webhook: a Connect interceptor would see messages instead of
// the signed body.
func newApp(secret string) http.Handler {
	clicks := &clickService{counts: map[string]int64{}}
	mux := http.NewServeMux()
	mux.Handle(countProcedure, connect.NewUnaryHandler(countProcedure, clicks.Count))
	mux.Handle("POST /webhooks/urlr", nethttpurlr.Verify(secret)(nethttpurlr.Handler(clicks.record)))
	return mux
}

type clickService struct {
	mu     sync.Mutex
	counts map[string]int64
}

func (s *clickService) record(_ context.Context, click *core.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[click.Link.Code]++
	return nil
}

// Count returns how often the link with a code was clicked.
func (s *clickService) Count(
	_ context.Context, code *connect.Request[wrapperspb.StringValue],
) (*connect.Response[wrapperspb.Int64Value], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return connect.NewResponse(wrapperspb.Int64(s.counts[code.Msg.GetValue()])), nil
}
