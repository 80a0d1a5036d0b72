package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func newList() *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "List kept deliveries, the newest first.",
		Description: `   urlrhook list
   urlrhook list --verdict refused --limit 100
   urlrhook list --status failed --code yBPhx`,
		Flags: []cli.Flag{
			databaseFlag(recordedFile),
			&cli.StringFlag{Name: "verdict", Usage: "List only deliveries with this `VERDICT`: authentic, refused or unchecked.", Validator: isVerdict},
			&cli.StringFlag{
				Name:  "status",
				Usage: "List only deliveries whose answer has this `STATUS`: 2xx, 3xx, 4xx, 5xx, none, or failed for all but 2xx.",
			},
			&cli.StringFlag{Name: "code", Usage: "List only clicks on the link with this `CODE`."},
			&cli.StringFlag{Name: "country", Usage: "List only clicks from this `COUNTRY`, like FR."},
			&cli.Int64Flag{Name: "before", Usage: "List only deliveries with an ID below `ID`: the next page.", HideDefault: true},
			&cli.IntFlag{Name: "limit", Value: 50, Usage: fmt.Sprintf("List at most `N` deliveries, up to %d.", store.MaxLimit), Validator: isLimit},
		},
		Action: withoutArguments(list),
	}
}

func isVerdict(s string) error {
	if !slices.Contains([]store.Verdict{store.Authentic, store.Refused, store.Unchecked}, store.Verdict(s)) {
		return errors.New("use authentic, refused or unchecked")
	}
	return nil
}

func isLimit(n int) error {
	if n < 1 || n > store.MaxLimit {
		return fmt.Errorf("it is from 1 to %d; --before shows the next page", store.MaxLimit)
	}
	return nil
}

func list(ctx context.Context, cmd *cli.Command) error {
	filter := store.Filter{
		Verdict: store.Verdict(cmd.String("verdict")), Status: cmd.String("status"),
		Code: cmd.String("code"), Country: strings.ToUpper(cmd.String("country")),
		Before: cmd.Int64("before"), Limit: cmd.Int("limit"),
	}
	s, err := openToRead(cmd)
	if err != nil {
		return err
	}
	deliveries, err := s.List(ctx, filter)
	if err == nil {
		printList(cmd.Root().Writer, deliveries)
	}
	return errors.Join(err, s.Close())
}

func printList(w io.Writer, deliveries []store.Summary) {
	t := newTable("ID", "RECEIVED", "VERDICT", "FORM", "ANSWER", "LINK", "COUNTRY", "BYTES", "PROBLEM")
	for _, d := range deliveries {
		answered := !d.Answered.IsZero()
		t.add(
			field{text: strconv.FormatInt(d.ID, 10)}, field{text: d.Received.Local().Format(time.DateTime)},
			field{string(d.Verdict), verdictColor(d.Verdict)}, field{text: d.Form}, field{status(answered, d.Status), answerColor(answered, d.Status)},
			field{text: visible.Line(d.Code, 40)}, field{text: visible.Line(d.Country, 8)}, field{text: size(d.Length)},
			problemField(&d),
		)
	}
	t.print(w, columns(w), "FORM", "BYTES", "COUNTRY")
}

func problemField(d *store.Summary) field {
	if store.IsWronglyAccepted(d.Verdict, d.Status) {
		return field{acceptedProblem + visible.Problem(d.Problem, d.Error), color.New(color.Bold, color.FgRed)}
	}
	return field{text: visible.Problem(d.Problem, d.Error)}
}

// size is how many bytes a body has, as far as that is known.
func size(length int64) string {
	if length < 0 {
		return "unknown"
	}
	return strconv.FormatInt(length, 10)
}

// status is the status of an answer, as far as there is one.
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
