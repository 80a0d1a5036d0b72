package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func newSend() *cli.Command {
	return &cli.Command{
		Name:  "send",
		Usage: "Send signed deliveries as URLR does, with retries and, on request, faults.",
		Description: `The exit status is 0 only if every delivery was accepted or, with --forge, refused.

   urlrhook send --to 8080/webhooks/urlr
   urlrhook send --to 8080/webhooks/urlr --count 1000 --concurrency 16 --lose-answers 1% --twins 20%
   urlrhook send --to 8080/webhooks/urlr --body delivery.json
   urlrhook send --to 8080/webhooks/urlr --forge`,
		Flags:  slices.Concat(targetFlags(), certificateFlags(), retryFlags(), eventFlags(), faultFlags()),
		Action: withoutArguments(send),
	}
}

func targetFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{
			Name:     "to",
			Required: true,
			Usage:    "Send to the receiver at `URL`. 3000 means http://127.0.0.1:3000.",
		},
		&cli.IntFlag{Name: "count", Aliases: []string{"n"}, Value: 1, Usage: "Send `N` clicks.", Validator: atLeast(1)},
		&cli.IntFlag{
			Name:      "concurrency",
			Value:     1,
			Usage:     "Send up to `N` deliveries at the same time.",
			Validator: atLeast(1),
		},
		&cli.FloatFlag{
			Name:        "rate",
			Usage:       "Send at most `N` deliveries a second.",
			DefaultText: "no limit",
			Validator:   positive[float64],
		},
		&cli.BoolFlag{Name: "json", Usage: "Print the summary as JSON. Times are in milliseconds."},
	}, secretFlags("With several, the first signs.")...)
}

func retryFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "attempts", Value: 5, Usage: "Try each delivery up to `N` times.", Validator: atLeast(1)},
		&cli.DurationFlag{
			Name:      "first-interval",
			Value:     time.Second,
			Usage:     "Wait `DURATION` before the second attempt.",
			Validator: notNegative,
		},
		&cli.FloatFlag{
			Name:      "factor",
			Value:     2,
			Usage:     "Multiply the interval by `N` after each attempt.",
			Validator: positive[float64],
		},
		&cli.DurationFlag{
			Name:      "timeout",
			Value:     10 * time.Second,
			Usage:     "Give up on an attempt after `DURATION`.",
			Validator: positive[time.Duration],
		},
	}
}

func atLeast(least int) func(int) error {
	return func(n int) error {
		if n < least {
			return fmt.Errorf("%d is less than %d", n, least)
		}
		return nil
	}
}

func positive[N float64 | int64 | time.Duration](x N) error {
	if x > 0 {
		return nil
	}
	return fmt.Errorf("%v is not greater than 0", x) // or not a number
}

func notNegative(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("%v is less than 0", d)
	}
	return nil
}

func send(ctx context.Context, cmd *cli.Command) error {
	sender, err := newSender(ctx, cmd)
	if err != nil {
		return err
	}
	events, err := newEvents(cmd, sender.Seed)
	if err != nil {
		return err
	}
	total := newSummary(cmd.Bool("forge"), sender.Seed)
	if cmd.Int("count") == 1 {
		sender.OnAttempt = func(a urlrtest.Attempt) { printRetry(cmd.Root().ErrWriter, &a, sender.Retry.Attempts) }
	}
	bar := newBar(cmd.Root().ErrWriter, cmd.Int("count"))
	sender.SendEach(ctx, events, func(d urlrtest.Delivery) {
		total.add(&d)
		if !d.Twin {
			_ = bar.Add(1) // a progress bar is not worth an error
		}
	})
	_ = bar.Finish()
	total.finish()
	if err := total.print(cmd.Root().Writer, cmd.Bool("json")); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return verdict("stopped before all were sent")
	}
	return total.err()
}

// printRetry says why a single delivery takes long.
func printRetry(w io.Writer, a *urlrtest.Attempt, attempts int) {
	if a.Acknowledged() || a.Number == attempts {
		return
	}
	said := strconv.Itoa(a.Status)
	if a.Err != nil {
		said = "no answer: " + visible.Line(cause(a.Err), 200)
	}
	fmt.Fprintf(w, "Attempt %d of %d: %s; retrying\n", a.Number, attempts, said)
}

func newSender(ctx context.Context, cmd *cli.Command) (*urlrtest.Sender, error) {
	target, err := forward.ParseURL(cmd.String("to"))
	if err != nil {
		return nil, err
	}
	client, err := newClient(cmd, target)
	if err != nil {
		return nil, err
	}
	secret, err := secretToSend(cmd)
	if err != nil {
		return nil, err
	}
	faults, err := faults(cmd)
	if err != nil {
		return nil, err
	}
	sender := &urlrtest.Sender{
		URL: target.String(), Secret: secret, Faults: faults, Generation: urlrtest.Generation(cmd.String("generation")),
		Seed: seed(cmd), Concurrency: cmd.Int("concurrency"), Rate: cmd.Float("rate"),
		Client: client,
		Retry: urlrtest.Retry{
			Attempts:      cmd.Int("attempts"),
			FirstInterval: max(cmd.Duration("first-interval"), 1), // 0 would be a second
			Factor:        cmd.Float("factor"),
			Timeout:       cmd.Duration("timeout"),
		},
	}
	if cmd.Bool("forge") && !cmd.IsSet("attempts") {
		sender.Retry.Attempts = 1 // a refused forgery is not worth a retry
	}
	if cmd.IsSet("body") {
		sender.Body, err = readInput(ctx, cmd, cmd.String("body"))
	}
	return sender, err
}

// secretToSend returns the first secret, or a random one for forgeries.
func secretToSend(cmd *cli.Command) (string, error) {
	if cmd.Bool("forge") {
		return rand.Text(), nil
	}
	secrets, err := requiredSecrets(cmd)
	if err != nil {
		return "", err
	}
	return secrets[0], nil
}

func seed(cmd *cli.Command) uint64 {
	if cmd.IsSet("seed") {
		return cmd.Uint64("seed")
	}
	return mathrand.Uint64() //nolint:gosec // it only chooses faults
}

// newClient returns a client that keeps a connection for each concurrent delivery.
func newClient(cmd *cli.Command, target *url.URL) (*http.Client, error) {
	outgoing, err := outgoingClient(cmd, target)
	if err != nil {
		return nil, err
	}
	client := outgoing.HTTPClient(target)
	client.Timeout = 0 // each attempt has its own
	transport := client.Transport.(*http.Transport)
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = cmd.Int("concurrency"), cmd.Int("concurrency")
	return client, nil
}
