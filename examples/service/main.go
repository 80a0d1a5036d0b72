// Command service is what a real receiver can start from: a secret for each folder, with rotation, a bounded queue before a
// pool of workers, structured logs and graceful shutdown.
//
//	go run ./examples/service -secrets secrets.json
//
// The file maps the folders' IDs to their secrets; while one is being rotated, to both, the new one first:
//
//	{"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002": ["new secret", "old secret"]}
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

const (
	workers         = 8
	queueSize       = 64               // deliveries that wait for a worker; URLR sends the others again
	shutdownTimeout = 20 * time.Second // for what is being processed
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	file := flag.String("secrets", os.Getenv("URLR_SECRETS_FILE"), "JSON `file` with the folders' secrets; default: URLR_SECRETS_FILE")
	flag.Parse()

	logger := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, logger, *addr, *file)
	stop()
	if err != nil {
		logger.Error("stopped", "error", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, logger *slog.Logger, addr, file string) error {
	secrets, err := loadSecrets(file)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	logger.Info("listening", "address", listener.Addr().String(), "folders", len(secrets))
	return serve(ctx, logger, listener, secrets, recorder(logger))
}

// recorder returns the handler that does the work: here, it would write to a database.
func recorder(logger *slog.Logger) core.HandlerFunc {
	return func(ctx context.Context, click *core.Event) error {
		logger.InfoContext(ctx, "click", "link", click.Link.Code, "folder", click.Link.FolderID,
			"country", click.Country, "at", click.Timestamp, "fingerprint", click.Fingerprint())
		return nil
	}
}

// serve receives deliveries until ctx is done. Then it takes no more, and returns when those that it has are answered.
func serve(ctx context.Context, logger *slog.Logger, listener net.Listener, secrets secrets, record core.HandlerFunc) error {
	verifier, err := core.NewVerifier("", core.WithSecretFunc(secrets.lookUp), core.WithObserver(core.LogObserver(logger)))
	if err != nil {
		return err
	}
	verify := nethttpurlr.VerifyWithConfig(nethttpurlr.Config{Verifier: verifier})
	queue := newQueue(workers, queueSize, core.OnLinkClicked(record))
	defer queue.close()

	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/urlr", verify(nethttpurlr.Handler(logged(logger, queue.handle))))
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	logger.Info("shutting down")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// logged logs the errors of a handler: they are answered with a status alone.
func logged(logger *slog.Logger, h core.HandlerFunc) core.HandlerFunc {
	return func(ctx context.Context, e *core.Event) error {
		err := h(ctx, e)
		if err != nil {
			logger.ErrorContext(ctx, "not processed", "error", err, "link", e.Link.Code, "fingerprint", e.Fingerprint())
		}
		return err
	}
}
