package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
	"github.com/urlr-community/webhooks-go/diagnose"
)

func newShow() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "show a kept delivery, and explain why its signature does not match",
		ArgsUsage: "ID",
		Description: `   urlrhook show 12
   urlrhook show --body 12 > delivery.json`,
		Flags: append(secretFlags("a mismatch may be explained by any of several"), databaseFlag(recordedFile),
			&cli.BoolFlag{Name: "body", Usage: "print the body alone, byte for byte"},
		),
		Action: show,
	}
}

func show(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return errors.New("name one delivery by its ID: urlrhook list shows them")
	}
	ids, err := parseIDs(cmd.Args().Slice())
	if err != nil {
		return err
	}
	secrets, err := optionalSecrets(cmd)
	if err != nil {
		return err
	}
	s, err := openRecorded(cmd)
	if err != nil {
		return err
	}
	d, err := s.Get(ctx, ids[0])
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	if cmd.Bool("body") {
		_, err := cmd.Root().Writer.Write(d.Body)
		return err
	}
	describe(cmd.Root().Writer, d)
	if d.Verdict != store.Authentic && d.IsWhole() && len(secrets) > 0 {
		explain(cmd.Root().Writer, d, secrets)
	}
	return nil
}

func describe(w io.Writer, d *store.Delivery) {
	fmt.Fprintf(w, "Delivery  #%d, received %s from %s\n", d.ID, d.Received.Local().Format(time.DateTime), visible.Line(d.Remote, 100))
	fmt.Fprintf(w, "Verdict   %s %s\n", colored(d.Verdict, d.Form), visible.Line(d.Problem, 500))
	fmt.Fprintf(w, "Answer    %s", answer(d.Answer))
	if d.Answer.By != "" {
		fmt.Fprintf(w, " from %s", d.Answer.By)
	}
	fmt.Fprintf(w, "  %s\n\nPOST %s\n", visible.Line(d.Answer.Error, 500), visible.Line(d.Path, 500))
	printHeader(w, d.Header)
	fmt.Fprintf(w, "\n%s\n", visible.Text(d.Body))
	if !d.IsWhole() {
		fmt.Fprintf(w, "(the first %d bytes; the body was over the limit or broke off, so it can't be explained or sent again)\n", len(d.Body))
	}
	if len(d.Answer.Header)+len(d.Answer.Body) > 0 {
		fmt.Fprintf(w, "\nAnswer %d\n", d.Answer.Status)
		printHeader(w, d.Answer.Header)
		fmt.Fprintf(w, "\n%s\n", visible.Text(d.Answer.Body))
	}
}

func printHeader(w io.Writer, h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fmt.Fprintf(w, "%s: %s\n", visible.Line(name, 200), visible.Line(value, 4000))
		}
	}
}

// explain prints why the signature does not match.
func explain(w io.Writer, d *store.Delivery, secrets []string) {
	fmt.Fprintln(w)
	printReport(w, d.Body, diagnose.Explain(d.Body, d.Signature(), secrets...))
}
