package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
	"github.com/urlr-community/webhooks-go/diagnose"
)

func newShow() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "Show a kept delivery, and explain why its signature does not match.",
		ArgsUsage: "ID",
		Description: `   urlrhook show 12
   urlrhook show --body 12 > delivery.json`,
		Flags: append(secretFlags("A mismatch may be explained by any of several."), databaseFlag(recordedFile),
			&cli.BoolFlag{Name: "body", Usage: "Print the body alone, byte for byte."},
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
	s, err := openToRead(cmd)
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
	printFact(w, "Verdict", strings.TrimRight(colored(d.Verdict, d.Form), " "), visible.Line(d.Problem, 500))
	said := answer(d.Answer)
	if d.Answer.By != "" {
		said += " from " + d.Answer.By
	}
	printFact(w, "Answer", said, visible.Line(d.Answer.Error, 500))
	if store.IsWronglyAccepted(d.Verdict, d.Answer.Status) {
		fmt.Fprintln(w, color.New(color.Bold, color.FgRed).Sprint("Your application accepted a refused delivery."))
	}
	fmt.Fprintf(w, "\nPOST %s\n", visible.Line(d.Path, 500))
	printHeader(w, d.Header)
	fmt.Fprintf(w, "\n%s\n", readable(d.Body))
	if !d.IsWhole() {
		fmt.Fprintf(w, "(the first %d bytes; the body was over the limit or broke off, so it can't be explained or sent again)\n",
			len(d.Body))
	}
	if len(d.Answer.Header)+len(d.Answer.Body) > 0 {
		fmt.Fprintf(w, "\nAnswer %d\n", d.Answer.Status)
		printHeader(w, d.Answer.Header)
		fmt.Fprintf(w, "\n%s\n", readable(d.Answer.Body))
	}
}

// printFact prints what is known, and what follows from it on lines of its own.
func printFact(w io.Writer, title, fact, more string) {
	const indent = "          "
	fmt.Fprintf(w, "%-10s%s\n", title, fact)
	if more != "" {
		fmt.Fprintln(w, wrap(indent+more, indent, columns(w)))
	}
}

// readable is a body for people: JSON is laid out, with its escapes as they are.
func readable(body []byte) string {
	if pretty := visible.Pretty(body); pretty != nil {
		return visible.TextOf(pretty)
	}
	return visible.Text(body)
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
