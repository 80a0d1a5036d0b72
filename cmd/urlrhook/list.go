package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func newList() *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "list kept deliveries, the newest first",
		Description: `   urlrhook list
   urlrhook list --verdict refused --limit 100
   urlrhook list --status failed --code yBPhx`,
		Flags: []cli.Flag{
			databaseFlag(recordedFile),
			&cli.StringFlag{Name: "verdict", Usage: "authentic, refused or unchecked", Validator: isVerdict},
			&cli.StringFlag{Name: "status", Usage: "of the answer: 2xx, 3xx, 4xx, 5xx, none, or failed for all but 2xx"},
			&cli.StringFlag{Name: "code", Usage: "of the link"},
			&cli.StringFlag{Name: "country", Usage: "of the click, like FR"},
			&cli.Int64Flag{Name: "before", Usage: "only IDs below `ID`: the next page", HideDefault: true},
			&cli.IntFlag{Name: "limit", Value: 50, Usage: fmt.Sprintf("how many, at most %d", store.MaxLimit), Validator: isLimit},
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
		Verdict: store.Verdict(cmd.String("verdict")), Status: cmd.String("status"), Code: cmd.String("code"), Country: strings.ToUpper(cmd.String("country")),
		Before: cmd.Int64("before"), Limit: cmd.Int("limit"),
	}
	s, err := openRecorded(cmd)
	if err != nil {
		return err
	}
	deliveries, err := s.List(ctx, filter)
	if err == nil {
		err = printList(cmd, deliveries)
	}
	return errors.Join(err, s.Close())
}

func printList(cmd *cli.Command, deliveries []store.Summary) error {
	w := tabwriter.NewWriter(cmd.Root().Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tRECEIVED\tVERDICT\tFORM\tANSWER\tLINK\tCOUNTRY\tBYTES\tPROBLEM")
	for _, d := range deliveries {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.Received.Local().Format(time.DateTime), d.Verdict, d.Form,
			status(!d.Answered.IsZero(), d.Status), visible.Line(d.Code, 40), visible.Line(d.Country, 8), size(d.Length), visible.Problem(d.Problem, d.Error))
	}
	return w.Flush()
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
