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

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/record"
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
		Flags: append(secretFlags("With several, any of them may explain a mismatch."), databaseFlag(recordedFile),
			&cli.BoolFlag{Name: "body", Usage: "Print only the body, byte for byte."},
			&cli.BoolFlag{Name: "json", Usage: "Print the delivery as a JSON object."},
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
	shown, err := read(ctx, s, ids[0])
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	w := cmd.Root().Writer
	switch {
	case cmd.Bool("body"):
		_, err = w.Write(shown.Body)
	case cmd.Bool("json"):
		err = printJSON(w, record.Describe(&shown.summary, shown.Delivery, shown.replays, shown.report(secrets)))
	default:
		shown.describe(w)
		if report := shown.report(secrets); report != nil {
			fmt.Fprintln(w)
			printReport(w, shown.Body, *report)
		}
	}
	return err
}

// mostReplays is the most replays of a delivery that are shown.
const mostReplays = 1000

// A shownDelivery is a delivery with its history.
type shownDelivery struct {
	*store.Delivery
	summary store.Summary
	replays []store.Replay // newest first
}

func read(ctx context.Context, s *store.Store, id int64) (*shownDelivery, error) {
	d, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	shown := &shownDelivery{Delivery: d}
	if shown.summary, err = s.Summary(ctx, id); err != nil {
		return nil, err
	}
	shown.replays, err = s.Replays(ctx, id, mostReplays)
	return shown, err
}

// report explains why the delivery is not authentic. It returns nil if there is nothing to explain.
func (d *shownDelivery) report(secrets []string) *diagnose.Report {
	if d.Verdict == store.Authentic || !d.IsWhole() || len(secrets) == 0 {
		return nil
	}
	report := diagnose.Explain(d.Body, d.Signature(), secrets...)
	return &report
}

func (d *shownDelivery) describe(w io.Writer) {
	fmt.Fprintf(
		w,
		"Delivery  #%d, received %s from %s\n",
		d.ID,
		d.Received.Local().Format(time.DateTime),
		visible.Line(d.Remote, 100),
	)
	printFact(w, "Verdict", strings.TrimRight(colored(d.Verdict, d.Form), " "), visible.Line(d.Problem, 500))
	said := answer(d.Answer)
	if d.Answer.By != "" {
		said += " from " + d.Answer.By
	}
	printFact(w, "Answer", said, visible.Line(d.Answer.Error, 500))
	if store.IsWronglyAccepted(d.Verdict, d.Form, d.Answer.Status) {
		fmt.Fprintln(w, color.New(color.Bold, color.FgRed).Sprint("Your application accepted a refused delivery."))
	}
	d.printReplays(w)
	fmt.Fprintf(w, "\nPOST %s\n", visible.Line(d.Path, 500))
	printHeader(w, d.Header)
	fmt.Fprintf(w, "\n%s\n", readable(d.Body))
	if !d.IsWhole() {
		fmt.Fprintf(
			w,
			"(first %d bytes; the body was too large or incomplete, so it can't be explained or replayed)\n",
			len(d.Body),
		)
	}
	if len(d.Answer.Header)+len(d.Answer.Body) > 0 {
		fmt.Fprintf(w, "\nAnswer %d\n", d.Answer.Status)
		printHeader(w, d.Answer.Header)
		fmt.Fprintf(w, "\n%s\n", readable(d.Answer.Body))
	}
}

// printReplays prints the replays, oldest first.
func (d *shownDelivery) printReplays(w io.Writer) {
	for _, r := range slices.Backward(d.replays) {
		said := fmt.Sprintf("%s  %s from %s", r.Answer.At.Local().Format(time.DateTime), answer(r.Answer), r.Answer.By)
		if r.Edited {
			said += ", edited"
		}
		printFact(w, "Replay", said, visible.Line(r.Answer.Error, 500))
		if r.Edited {
			printFact(w, "", "sent "+visible.Line(string(r.Body), 1000), "")
		}
	}
}

// printFact prints a titled line, and more below it.
func printFact(w io.Writer, title, fact, more string) {
	const indent = "          "
	fmt.Fprintf(w, "%-10s%s\n", title, fact)
	if more != "" {
		fmt.Fprintln(w, wrap(indent+more, indent, columns(w)))
	}
}

// readable returns a body for people: JSON is indented, and its escapes are decoded.
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
