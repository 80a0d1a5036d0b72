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
	"slices"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/page"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/receiver"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/replay"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const (
	maxHeaderBytes = 64 << 10 // the same limit as for bodies, because headers are kept too

	// pageTimeout bounds an answer of the page, which may wait for the application during a replay.
	// Event streams have deadlines of their own.
	pageTimeout = time.Minute
)

func newListen() *cli.Command {
	return &cli.Command{
		Name:  "listen",
		Usage: "Receive deliveries, keep them, forward them to your application, and show them on a page.",
		Description: `Each delivery is on disk before it is answered. With --forward, your application gets every
delivery byte for byte, even one whose signature does not match, and the sender gets your
application's answer. Without --forward, listen answers itself: with 204, or with the status that
this library gives a delivery it refuses.

   urlrhook listen --forward 8080/webhooks/urlr

Ctrl-C stops listen as soon as all deliveries are answered, within 10 seconds. A second Ctrl-C stops
it at once.`,
		Flags: slices.Concat(secretFlags("With several, all are accepted."), []cli.Flag{
			databaseFlag("Keep deliveries in `FILE`, or only in memory with :memory:."),
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:8787", Usage: "Receive deliveries at `ADDRESS`."},
			&cli.StringFlag{Name: "page", Value: "127.0.0.1:8788", Usage: "Serve the page at `ADDRESS`."},
			&cli.StringFlag{
				Name:  "forward",
				Usage: "Forward each delivery to your application at `URL`. 3000 means http://127.0.0.1:3000.",
			},
			&cli.IntFlag{
				Name:  "keep",
				Usage: "Keep the newest `N` deliveries and drop older ones.",
				Value: defaultKeep,
			},
			&cli.BoolFlag{
				Name:  "json",
				Usage: "Print each answered delivery as a line of JSON. Everything else goes to standard error.",
			},
		}, outgoingFlags()),
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
	client, err := outgoingClient(cmd, target)
	if err != nil {
		return err
	}
	path, err := databasePath(cmd)
	if err != nil {
		return err
	}
	deliveries, err := store.Open(path, cmd.Int("keep"))
	if err != nil {
		return err
	}
	l := &listener{
		cmd: cmd, secrets: secrets, target: target, client: client, store: deliveries, path: path,
		out: unchecked(cmd.Root().Writer), // deliveries matter more than their lines
	}
	if cmd.Bool("json") {
		l.out = cmd.Root().ErrWriter
		l.log = newJSONLog(unchecked(cmd.Root().Writer), l.out)
	} else {
		l.log = newLog(l.out, cmd.String("db"))
	}
	err = l.run(ctx)
	l.log.close()
	return errors.Join(err, deliveries.Close())
}

// A listener is a running listen command.
type listener struct {
	cmd     *cli.Command
	secrets []string
	target  *url.URL // nil: nothing is forwarded
	client  *forward.Client
	store   *store.Store
	path    string
	out     io.Writer // for people
	log     *deliveryLog

	replaying atomic.Int64 // by the page
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
		Store: l.store, Secrets: l.secrets, Target: l.target, Client: l.client,
		Arrived: l.log.arrived, Answered: l.log.answered, Overload: l.log.overload, Loop: l.log.loop,
	})
	if err != nil {
		return err
	}
	token := ""
	if !isLoopback(deliveries.Addr()) || !isLoopback(pages.Addr()) {
		token = rand.Text()
	}
	show := page.New(page.Config{
		Store: l.store, Secrets: l.secrets, Target: l.targetString(),
		Receive: "http://" + shown(deliveries.Addr()) + "/", Path: l.path,
		Hosts: hosts(pages.Addr()), Token: token, Replay: l.replay,
	})
	l.greet(ctx, l.out, deliveries.Addr(), pages.Addr(), token)
	both := servers{
		receive: newServer(receive, deliveries.Addr()), deliveries: deliveries,
		show: newServer(show, pages.Addr()), pages: pages,
		underWay: receive.UnderWay, replaying: func() int { return int(l.replaying.Load()) }, say: l.log.note,
	}
	return both.serve(ctx)
}

func (l *listener) targetString() string {
	if l.target == nil {
		return ""
	}
	return l.target.Redacted()
}

// replay sends a delivery again for the page, which does not know a password in --forward. A body
// that is not nil replaces the delivery's, and is signed.
func (l *listener) replay(ctx context.Context, id int64, target *url.URL, body []byte) error {
	l.replaying.Add(1)
	defer l.replaying.Add(-1)
	if target.String() == l.targetString() {
		target = l.target
	}
	sender := replay.Sender{Store: l.store, Client: l.client}
	if len(l.secrets) > 0 {
		sender.Secret = l.secrets[0]
	}
	var edit func([]byte) ([]byte, error)
	if body != nil {
		edit = func([]byte) ([]byte, error) { return body, nil }
	}
	_, err := sender.Send(ctx, id, target, edit)
	return err
}

func (l *listener) greet(ctx context.Context, w io.Writer, deliveries, pages net.Addr, token string) {
	fmt.Fprintf(w, "Receiving at   http://%s/\n", shown(deliveries))
	if token != "" {
		token = "?token=" + token
	}
	fmt.Fprintf(w, "Page at        http://%s/%s\n", shown(pages), token)
	if l.target != nil {
		fmt.Fprintf(w, "Forwarding to  %s\n", l.target.Redacted())
	}
	fmt.Fprintf(w, "Keeping in     %s (the newest %d)\n", l.path, l.cmd.Int("keep"))
	if len(l.secrets) == 0 {
		fmt.Fprintf(w, "Not verifying signatures: set %s to the secret key of your URLR folder.\n", secretEnv)
	}
	if err := findListener(ctx, l.target); err != nil {
		fmt.Fprintf(w, "Warning: nothing is listening at %s: %v. Start your application.\n", l.target.Host, err)
	}
	fmt.Fprintln(w)
}

func newServer(h http.Handler, addr net.Addr) *http.Server {
	return &http.Server{
		Addr: addr.String(), Handler: h, MaxHeaderBytes: maxHeaderBytes,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
}
