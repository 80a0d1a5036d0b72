package main

import (
	"context"
	"errors"
	"fmt"
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
			databaseFlag(),
			&cli.StringFlag{Name: "verdict", Usage: "authentic, refused or unchecked"},
			&cli.StringFlag{Name: "status", Usage: "of the answer: 2xx, 3xx, 4xx, 5xx, none, or failed for all but 2xx"},
			&cli.StringFlag{Name: "code", Usage: "of the link"},
			&cli.StringFlag{Name: "country"},
			&cli.Int64Flag{Name: "before", Usage: "only IDs below `ID`: the next page"},
			&cli.IntFlag{Name: "limit", Value: 50, Usage: "how many, at most 500"},
		},
		Action: list,
	}
}

func list(ctx context.Context, cmd *cli.Command) error {
	filter := store.Filter{
		Verdict: store.Verdict(cmd.String("verdict")), Status: cmd.String("status"), Code: cmd.String("code"), Country: cmd.String("country"),
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
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", d.ID, d.Received.Local().Format(time.DateTime), d.Verdict, d.Form,
			status(d.Answered, d.Status), visible.Line(d.Code, 40), visible.Line(d.Country, 8), d.Length, problem(d.Problem, d.Error))
	}
	return w.Flush()
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
