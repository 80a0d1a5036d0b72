package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/record"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func newList() *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "List kept deliveries, newest first.",
		Description: `   urlrhook list
   urlrhook list --verdict refused --limit 100
   urlrhook list --status failed --code yBPhx`,
		Flags: slices.Concat([]cli.Flag{databaseFlag(recordedFile)}, filterFlags("List"), []cli.Flag{
			&cli.Int64Flag{
				Name:        "before",
				Usage:       "List only deliveries with an ID below `ID`: the next page.",
				HideDefault: true,
				Validator:   positive[int64],
			},
			&cli.IntFlag{
				Name:      "limit",
				Value:     50,
				Usage:     fmt.Sprintf("List at most `N` deliveries, up to %d.", store.MaxLimit),
				Validator: isLimit,
			},
			&cli.BoolFlag{Name: "json", Usage: "Print each delivery as a line of JSON."},
		}),
		Action: withoutArguments(list),
	}
}

func isLimit(n int) error {
	if n < 1 || n > store.MaxLimit {
		return fmt.Errorf("it must be from 1 to %d; --before shows the next page", store.MaxLimit)
	}
	return nil
}

func list(ctx context.Context, cmd *cli.Command) error {
	filter := filterOf(cmd)
	filter.Before, filter.Limit = cmd.Int64("before"), cmd.Int("limit")
	s, err := openToRead(cmd)
	if err != nil {
		return err
	}
	deliveries, err := s.List(ctx, filter)
	switch {
	case err != nil:
	case cmd.Bool("json"):
		err = printListJSON(cmd.Root().Writer, deliveries)
	default:
		printList(cmd.Root().Writer, deliveries)
	}
	return errors.Join(err, s.Close())
}

func printListJSON(w io.Writer, deliveries []store.Summary) error {
	for i := range deliveries {
		if err := printJSON(w, record.Summarize(&deliveries[i])); err != nil {
			return err
		}
	}
	return nil
}

// printJSON prints a value as JSON on a line.
func printJSON(w io.Writer, value any) error {
	line, err := record.Line(value)
	if err == nil {
		_, err = w.Write(line)
	}
	return err
}

func printList(w io.Writer, deliveries []store.Summary) {
	t := newTable("ID", "RECEIVED", "VERDICT", "FORM", "ANSWER", "REPLAYS", "LINK", "COUNTRY", "BYTES", "PROBLEM")
	for _, d := range deliveries {
		answered := !d.Answered.IsZero()
		t.add(
			field{text: strconv.FormatInt(d.ID, 10)},
			field{text: d.Received.Local().Format(time.DateTime)},
			field{
				string(d.Verdict),
				verdictColor(d.Verdict),
			},
			field{text: d.Form},
			field{status(answered, d.Status), answerColor(answered, d.Status)},
			replaysField(&d),
			field{text: cut(visible.Line(d.Code, 40), 40)},
			field{text: cut(visible.Line(d.Country, 8), 8)},
			field{text: size(d.Length)},
			problemField(&d),
		)
	}
	t.print(w, columns(w), "FORM", "BYTES", "COUNTRY", "REPLAYS")
}

// replaysField says how often a delivery was replayed, and the last answer.
func replaysField(d *store.Summary) field {
	if d.Replays == 0 {
		return field{}
	}
	return field{fmt.Sprintf("%d, %s", d.Replays, status(true, d.ReplayStatus)), answerColor(true, d.ReplayStatus)}
}

func problemField(d *store.Summary) field {
	if d.IsWronglyAccepted() {
		return field{acceptedProblem + visible.Problem(d.Problem, d.Error), color.New(color.Bold, color.FgRed)}
	}
	return field{text: visible.Problem(d.Problem, d.Error)}
}

// size returns the length of a body, or "unknown".
func size(length int64) string {
	if length < 0 {
		return "unknown"
	}
	return strconv.FormatInt(length, 10)
}

// status returns the status of an answer, or why there is none.
func status(answered bool, code int) string {
	switch {
	case !answered:
		return "not yet"
	case code == 0:
		return "none"
	default:
		return fmt.Sprint(code)
	}
}
