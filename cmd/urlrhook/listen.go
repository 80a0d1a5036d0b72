package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/receiver"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const (
	shutdownTimeout = 10 * time.Second // for what is being forwarded
	maxHeaderBytes  = 64 << 10         // as much as of a body: each delivery's headers are kept
	pageTimeout     = time.Minute      // for an answer of the page: a replay waits for the application. A stream has deadlines of its own
)

func newListen() *cli.Command {
	return &cli.Command{
		Name:  "listen",
		Usage: "receive deliveries, keep them, forward them to your application, and show them on a page",
		Description: `Each delivery is on disk before it is answered. With --forward your application gets it byte for byte, whatever its signature is
worth, and its answer is passed back; without, it is answered here: with 204, or as the library refuses it.

   urlrhook listen --forward http://127.0.0.1:8080/webhooks/urlr`,
		Flags: append(secretFlags("if there are several, all are accepted"), databaseFlag(recordedFile+", or :memory:"),
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:8787", Usage: "`ADDRESS` to receive deliveries on"},
			&cli.StringFlag{Name: "page", Value: "127.0.0.1:8788", Usage: "`ADDRESS` of the page"},
			&cli.StringFlag{Name: "forward", Usage: "`URL` of your application"},
			&cli.IntFlag{Name: "keep", Value: defaultKeep, Usage: "how many deliveries stay in the database"},
		),
		Action: withoutArguments(listen),
	}
}

func listen(ctx context.Context, cmd *cli.Command) error {
	secrets, err := optionalSecrets(cmd)
	if err != nil {
		return err
	}
	var target *url.URL
	if cmd.IsSet("forward") {
		if target, err = forward.ParseURL(cmd.String("forward")); err != nil {
			return err
		}
	}
	path, err := databasePath(cmd)
	if err != nil {
		return err
	}
	deliveries, err := store.Open(path, cmd.Int("keep"))
	if err != nil {
		return err
	}
	l := &listener{cmd: cmd, secrets: secrets, target: target, store: deliveries, log: newLog(cmd.Root().Writer, cmd.String("db")), path: path}
	err = l.run(ctx)
	l.log.close()
	return errors.Join(err, deliveries.Close())
}

// A listener is a running listen.
type listener struct {
	cmd     *cli.Command
	secrets []string
	target  *url.URL // nil: nothing is forwarded
	store   *store.Store
	path    string
	log     *deliveryLog
}

func (l *listener) run(ctx context.Context) error {
	deliveries, err := net.Listen("tcp", l.cmd.String("addr"))
	if err != nil {
		return fmt.Errorf("%w; choose another address with --addr", err)
	}
	defer deliveries.Close() //nolint:errcheck // its server closes it first
	pages, err := net.Listen("tcp", l.cmd.String("page"))
	if err != nil {
		return fmt.Errorf("%w; choose another address with --page", err)
	}
	defer pages.Close() //nolint:errcheck // its server closes it first

	if l.target != nil && (leadsTo(l.target, deliveries.Addr()) || leadsTo(l.target, pages.Addr())) {
		return fmt.Errorf("--forward %s leads back to urlrhook: name the address of your application", l.targetString())
	}
	receive, err := receiver.New(receiver.Config{
		Store: l.store, Secrets: l.secrets, Target: l.target, Report: l.log.delivery, Overload: l.log.overload, Loop: l.log.loop,
	})
	if err != nil {
		return err
	}
	token := ""
	if !isLoopback(deliveries.Addr()) || !isLoopback(pages.Addr()) {
		token = rand.Text()
	}
	show := page.New(page.Config{
		Store: l.store, Secrets: l.secrets, Target: l.targetString(), Hosts: hosts(pages.Addr()), Token: token, Replay: l.replay,
	})
	l.greet(l.cmd.Root().Writer, deliveries.Addr(), pages.Addr(), token)
	return serveBoth(ctx, newServer(receive, deliveries.Addr()), deliveries, newServer(show, pages.Addr()), pages, receive.UnderWay)
}

func (l *listener) targetString() string {
	if l.target == nil {
		return ""
	}
	return l.target.Redacted()
}

// replay sends a delivery again, for the page, which does not know a password in --forward.
func (l *listener) replay(ctx context.Context, id int64, target *url.URL) (store.Answer, error) {
	if target.String() == l.targetString() {
		target = l.target
	}
	return replay(ctx, l.store, id, target)
}

func (l *listener) greet(w io.Writer, deliveries, pages net.Addr, token string) {
	fmt.Fprintf(w, "Receiving at   http://%s/\n", shown(deliveries))
	if token != "" {
		token = "?token=" + token
	}
	fmt.Fprintf(w, "Page at        http://%s/%s\n", shown(pages), token)
	if l.target != nil {
		fmt.Fprintf(w, "Forwarding to  %s\n", l.target.Redacted())
	}
	fmt.Fprintf(w, "Keeping in     %s (the last %d)\n", l.path, l.cmd.Int("keep"))
	if len(l.secrets) == 0 {
		fmt.Fprintf(w, "Not verifying: set %s or --secret-file to the secret key of your folder at URLR.\n", secretEnv)
	}
	fmt.Fprintln(w)
}

func newServer(h http.Handler, addr net.Addr) *http.Server {
	return &http.Server{
		Addr: addr.String(), Handler: h, MaxHeaderBytes: maxHeaderBytes,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
}

// serveBoth serves deliveries and pages until ctx is done. Then it ends the deliveries and the page's replays once they are answered.
func serveBoth(ctx context.Context, receive *http.Server, deliveries net.Listener, show *http.Server, pages net.Listener, underWay func() int) error {
	show.BaseContext = func(net.Listener) context.Context { return ctx } // ends the streams of events
	show.WriteTimeout = pageTimeout
	served := make(chan error, 2)
	go func() { served <- receive.Serve(deliveries) }()
	go func() { served <- show.Serve(pages) }()
	select {
	case err := <-served:
		return errors.Join(err, receive.Close(), show.Close())
	case <-ctx.Done():
	}
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := drain(shutdown, receive, underWay)
	if show.Shutdown(shutdown) != nil {
		err = errors.Join(err, show.Close()) // it waits no longer for a replay
	}
	return err
}
