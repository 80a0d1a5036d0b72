// Command quickstart receives URLR webhooks and prints each event.
//
//	go run ./examples/quickstart
//
// It reads the secret from URLR_WEBHOOK_SECRET. Without one, it generates a random secret for this
// run and sends itself a few deliveries, one of them forged, so that there is something to see.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

const path = "/webhooks/urlr"

type config struct {
	addr   string
	secret string // random if empty
	demo   bool
}

func main() {
	cfg := config{secret: os.Getenv("URLR_WEBHOOK_SECRET")}
	flag.StringVar(&cfg.addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	flag.BoolVar(&cfg.demo, "demo", cfg.secret == "",
		"send itself a few deliveries; the default without URLR_WEBHOOK_SECRET")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, cfg)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done.
func run(ctx context.Context, out io.Writer, cfg config) error {
	shown, hint := `"$URLR_WEBHOOK_SECRET"`, " where URLR_WEBHOOK_SECRET is set" // never print a real secret
	if cfg.secret == "" {
		cfg.secret = rand.Text()
		shown, hint = cfg.secret, ""
		fmt.Fprintln(out, "URLR_WEBHOOK_SECRET is not set: this run uses a random secret,", cfg.secret)
	}

	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return fmt.Errorf("%w: set another address with -addr", err)
	}
	endpoint := "http://" + reachable(listener.Addr()) + path
	fmt.Fprintf(out, "Listening on %s, stop with Ctrl-C.\n\n", endpoint)
	fmt.Fprintf(out, "Send it a delivery from another terminal%s:\n\n%s\n\n", hint, curl(endpoint, shown))

	server := &http.Server{
		Handler:           newMux(cfg.secret, log.New(out, "", log.Ltime)),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if cfg.demo {
		if err := sendDemo(ctx, out, endpoint, cfg.secret); err != nil {
			fmt.Fprintln(out, "demo:", err)
		}
	}

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return err
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func newMux(secret string, logger *log.Logger) *http.ServeMux {
	logRefused := core.WithObserver(func(_ context.Context, o core.Observation) {
		if o.Err != nil {
			logger.Printf("refused with %d: %v", core.StatusCode(o.Err), o.Err)
		}
	})
	mux := http.NewServeMux()
	mux.Handle("POST "+path, nethttpurlr.Verify(secret, logRefused)(nethttpurlr.Handler(
		func(_ context.Context, e *core.Event) error {
			logger.Print(describe(e))
			return nil
		})))
	return mux
}

// reachable returns an address that a client on this machine can use.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}

// curl returns a POSIX shell command that sends a signed delivery.
func curl(endpoint, secret string) string {
	const event = `{"event":"link_clicked","link":{"code":"from-curl"},"country":"FR","city":"Rennes","timestamp":%d}`
	const command = `body='%s'; curl -i %s -H 'content-type: application/json' ` +
		`-H "x-signature: $(printf %%s "$body" | openssl dgst -sha256 -hmac %s | sed 's/^.* //')" --data-binary "$body"`
	return fmt.Sprintf(command, fmt.Sprintf(event, time.Now().Unix()), endpoint, secret)
}
