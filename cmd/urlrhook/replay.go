package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func newReplay() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "Send kept deliveries to your application again, byte for byte, with their signatures.",
		ArgsUsage: "ID...",
		Description: `The answers are kept in place of the earlier ones. The exit status is 0 only if all that could be sent
were answered with 2xx.

   urlrhook replay 12 13 --to http://127.0.0.1:8080/webhooks/urlr
   urlrhook replay --failed --to http://127.0.0.1:8080/webhooks/urlr`,
		Flags: []cli.Flag{
			databaseFlag(recordedFile),
			&cli.StringFlag{Name: "to", Required: true, Usage: "Send to your application at `URL`. 3000 means http://127.0.0.1:3000."},
			&cli.BoolFlag{
				Name:  "failed",
				Usage: "Send all deliveries that were not answered with 2xx, the oldest first; also those whose answer is still to come.",
			},
		},
		Action: replayAll,
	}
}

func replayAll(ctx context.Context, cmd *cli.Command) error {
	target, err := forward.ParseURL(cmd.String("to"))
	if err != nil {
		return err
	}
	s, err := openRecorded(cmd)
	if err != nil {
		return err
	}
	ids, err := idsToReplay(ctx, cmd, s)
	if err == nil {
		err = replayEach(ctx, cmd, s, ids, target)
	}
	return errors.Join(err, s.Close())
}

func idsToReplay(ctx context.Context, cmd *cli.Command, s *store.Store) ([]int64, error) {
	if cmd.Bool("failed") == cmd.Args().Present() {
		return nil, errors.New("name the deliveries to replay by their IDs, or all that failed with --failed, but not both")
	}
	if cmd.Bool("failed") {
		return s.FailedIDs(ctx)
	}
	return parseIDs(cmd.Args().Slice())
}

func parseIDs(args []string) ([]int64, error) {
	ids := make([]int64, len(args))
	for i, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id <= 0 {
			return nil, fmt.Errorf("%q is no ID: urlrhook list shows them", arg)
		}
		ids[i] = id
	}
	return ids, nil
}

func replayEach(ctx context.Context, cmd *cli.Command, s *store.Store, ids []int64, target *url.URL) error {
	if len(ids) == 0 {
		fmt.Fprintln(cmd.Root().Writer, "No delivery failed.")
		return nil
	}
	failed, skipped := 0, 0
	for _, id := range ids {
		a, err := replay(ctx, s, id, target)
		said := answer(a)
		switch {
		case ctx.Err() != nil:
			return verdict("stopped before all were sent")
		case errors.Is(err, errNotWhole) && cmd.Bool("failed"):
			skipped++ // or --failed could never succeed again
			said = color.YellowString("skipped: %v", err)
		case errors.Is(err, store.ErrNotFound), errors.Is(err, errNotWhole):
			failed++
			said = color.RedString("%v", err)
		case err != nil:
			return err
		case !a.OK():
			failed++
			said += "  " + visible.Line(a.Error, 200)
		}
		fmt.Fprintf(cmd.Root().Writer, "#%-5d %s\n", id, strings.TrimSpace(said))
	}
	if failed > 0 {
		return verdict(fmt.Sprintf("%d of %d were not answered with 2xx", failed, len(ids)-skipped))
	}
	if skipped > 0 {
		fmt.Fprintf(cmd.Root().Writer, "%d skipped\n", skipped)
	}
	if skipped < len(ids) {
		fmt.Fprintf(cmd.Root().Writer, "%d replayed, all answered with 2xx\n", len(ids)-skipped)
	}
	return nil
}

var errNotWhole = errors.New("its body was over the limit or broke off, so it can't be sent again")

// replay sends a kept delivery again, and keeps the answer.
func replay(ctx context.Context, s *store.Store, id int64, target *url.URL) (store.Answer, error) {
	d, err := s.Get(ctx, id)
	if err != nil {
		return store.Answer{}, err
	}
	if !d.IsWhole() {
		return store.Answer{}, errNotWhole
	}
	a := forward.Send(ctx, target, d)
	if ctx.Err() != nil {
		return a, ctx.Err()
	}
	return a, s.SetAnswer(ctx, id, a)
}
