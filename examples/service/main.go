// Command service is a starting point for a production receiver: a secret per folder, with
// rotation, a bounded queue in front of a worker pool, structured logs and graceful shutdown.
//
//	go run ./examples/service -secrets secrets.json
//
// The file maps folder IDs to secrets. During a rotation, list both secrets, the new one first:
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
	queueSize       = 64               // deliveries waiting for a worker; URLR retries the rest
	shutdownTimeout = 20 * time.Second // for deliveries in progress
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	file := flag.String("secrets", os.Getenv("URLR_SECRETS_FILE"),
		"JSON `file` with the folders' secrets; default $URLR_SECRETS_FILE")
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

// recorder returns the handler that does the work. A real one would write to a database.
func recorder(logger *slog.Logger) core.HandlerFunc {
	return func(ctx context.Context, click *core.Event) error {
		logger.InfoContext(ctx, "click", "link", click.Link.Code, "folder", click.Link.FolderID,
			"country", click.Country, "at", click.Timestamp, "fingerprint", click.Fingerprint())
		return nil
	}
}

// serve receives deliveries until ctx is done. It then accepts no more, and returns when those in
// progress have been answered.
func serve(
	ctx context.Context, logger *slog.Logger, listener net.Listener, secrets secrets, record core.HandlerFunc,
) error {
	verifier, err := core.NewVerifier("",
		core.WithSecretFunc(secrets.lookUp), core.WithObserver(core.LogObserver(logger)))
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

// logged logs the errors of a handler, which the response does not contain.
func logged(logger *slog.Logger, h core.HandlerFunc) core.HandlerFunc {
	return func(ctx context.Context, e *core.Event) error {
		err := h(ctx, e)
		if err != nil {
			logger.ErrorContext(ctx, "not processed",
				"error", err, "link", e.Link.Code, "fingerprint", e.Fingerprint())
		}
		return err
	}
}
