package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func newReplay() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "send kept deliveries to your application again, byte for byte, with their signatures",
		ArgsUsage: "ID...",
		Description: `The answers are kept in place of the earlier ones. It exits with 0 only if all were answered with 2xx.

   urlrhook replay 12 13 --to http://127.0.0.1:8080/webhooks/urlr
   urlrhook replay --failed --to http://127.0.0.1:8080/webhooks/urlr`,
		Flags: []cli.Flag{
			databaseFlag(),
			&cli.StringFlag{Name: "to", Required: true, Usage: "`URL` of your application"},
			&cli.BoolFlag{Name: "failed", Usage: "all deliveries that were not answered with 2xx, the oldest first"},
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
		return nil, errors.New("name the deliveries to replay by their IDs, or all that failed with --failed")
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
	failed := 0
	for _, id := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a, err := replay(ctx, s, id, target)
		if err != nil {
			return err
		}
		if !a.OK() {
			failed++
		}
		fmt.Fprintf(cmd.Root().Writer, "#%-5d %s  %s\n", id, answer(a), a.Error)
	}
	if failed > 0 {
		return verdict(fmt.Sprintf("%d of %d were not answered with 2xx", failed, len(ids)))
	}
	fmt.Fprintf(cmd.Root().Writer, "%d replayed, all answered with 2xx\n", len(ids))
	return nil
}

// replay sends a kept delivery again, and keeps the answer.
func replay(ctx context.Context, s *store.Store, id int64, target *url.URL) (store.Answer, error) {
	d, err := s.Get(ctx, id)
	if err != nil {
		return store.Answer{}, fmt.Errorf("delivery %d: %w", id, err)
	}
	if d.Length != int64(len(d.Body)) {
		return store.Answer{}, fmt.Errorf("delivery %d can't be replayed: its body was over the limit, and only its first bytes were kept", id)
	}
	a := forward.Send(ctx, target, d)
	if ctx.Err() != nil {
		return a, ctx.Err()
	}
	return a, s.SetAnswer(ctx, id, a)
}
