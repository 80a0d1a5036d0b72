package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/record"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/replay"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

func newReplay() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "Send kept deliveries to your application again, byte for byte or edited.",
		ArgsUsage: "ID...",
		Description: `Name deliveries by their IDs, or choose them with flags: the oldest is sent first. A replay never
overwrites the first answer: each one is kept beside it. The exit status is 0 only if every delivery
that could be sent was answered with 2xx.

   urlrhook replay 12 13 --to 8080/webhooks/urlr
   urlrhook replay --failed --to 8080/webhooks/urlr
   urlrhook replay --code yBPhx --country FR --to 8080/webhooks/urlr
   urlrhook replay 12 --set city=Liège --set link.label=null --to 8080/webhooks/urlr`,
		Flags: slices.Concat(
			[]cli.Flag{
				&cli.StringFlag{
					Name:     "to",
					Required: true,
					Usage:    "Send to your application at `URL`. 3000 means http://127.0.0.1:3000.",
				},
				databaseFlag(recordedFile),
				&cli.BoolFlag{
					Name:  "failed",
					Usage: "Send deliveries without a 2xx to any attempt, including those not answered yet.",
				},
			},
			filterFlags("Send"), editFlags(), secretFlags("With several, the first signs edited deliveries."),
			outgoingFlags(),
			[]cli.Flag{&cli.BoolFlag{Name: "json", Usage: "Print each replay as a line of JSON."}},
		),
		Action: replayAll,
	}
}

const editCategory = "Edits (signed again)"

func editFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name: "set", Category: editCategory,
			Usage: "Set a field, like link.code=abc, with `FIELD=VALUE`. A value that is not JSON is a string.",
		},
		&cli.StringFlag{
			Name:     "body",
			Category: editCategory,
			Usage:    "Send the bytes of `FILE` instead; - is standard input.",
		},
	}
}

// edit returns a function that edits a body as the flags say, or nil if no flag does.
func edit(ctx context.Context, cmd *cli.Command) (func([]byte) ([]byte, error), error) {
	settings := cmd.StringSlice("set")
	switch {
	case cmd.IsSet("body") && len(settings) > 0:
		return nil, errors.New("--body is sent as is: use either --set or --body")
	case cmd.IsSet("body"):
		body, err := readInput(ctx, cmd, cmd.String("body"))
		return func([]byte) ([]byte, error) { return body, nil }, err
	case len(settings) == 0:
		return nil, nil //nolint:nilnil // no edit
	}
	for _, setting := range settings {
		if field, _, found := strings.Cut(setting, "="); !found || field == "" {
			return nil, fmt.Errorf("invalid --set %s: write it like link.code=abc", setting)
		}
	}
	return func(body []byte) (_ []byte, err error) {
		for _, setting := range settings {
			field, value, _ := strings.Cut(setting, "=")
			if body, err = replay.Set(body, field, value); err != nil {
				return nil, err
			}
		}
		return body, nil
	}, nil
}

// A replaying is a running replay command.
type replaying struct {
	cmd    *cli.Command
	sender *replay.Sender
	target *url.URL
	edit   func([]byte) ([]byte, error)
	named  bool // deliveries are named by their IDs

	failed, skipped int
}

func replayAll(ctx context.Context, cmd *cli.Command) error {
	r, err := newReplaying(ctx, cmd)
	if err != nil {
		return err
	}
	if r.sender.Store, err = openRecorded(cmd); err != nil {
		return err
	}
	ids, err := r.ids(ctx)
	if err == nil {
		err = r.sendEach(ctx, ids)
	}
	return errors.Join(err, r.sender.Store.Close())
}

func newReplaying(ctx context.Context, cmd *cli.Command) (*replaying, error) {
	target, err := forward.ParseURL(cmd.String("to"))
	if err != nil {
		return nil, err
	}
	client, err := outgoingClient(cmd, target)
	if err != nil {
		return nil, err
	}
	r := &replaying{cmd: cmd, target: target, sender: &replay.Sender{Client: client}, named: cmd.Args().Present()}
	if r.edit, err = edit(ctx, cmd); err != nil || r.edit == nil {
		return r, err
	}
	secrets, err := requiredSecrets(cmd)
	if err == nil {
		r.sender.Secret = secrets[0]
	}
	return r, err
}

func (r *replaying) ids(ctx context.Context) ([]int64, error) {
	filter := filterOf(r.cmd)
	if r.cmd.Bool("failed") {
		if filter.Status != "" {
			return nil, errors.New("--failed means --status failed: use one of them")
		}
		filter.Status = store.Failed
	}
	if isChosen := filter != (store.Filter{}); isChosen == r.named {
		return nil, errors.New(
			"name the deliveries to replay by their IDs, or choose them with flags like --failed, but not both",
		)
	}
	if r.named {
		return parseIDs(r.cmd.Args().Slice())
	}
	return r.sender.Store.IDs(ctx, filter)
}

func parseIDs(args []string) ([]int64, error) {
	ids := make([]int64, len(args))
	for i, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id <= 0 {
			return nil, fmt.Errorf("%q is not an ID: urlrhook list shows them", arg)
		}
		ids[i] = id
	}
	return ids, nil
}

func (r *replaying) sendEach(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		if err := r.send(ctx, id); err != nil {
			return err
		}
	}
	if r.failed > 0 {
		return verdict(fmt.Sprintf("%d of %d were not answered with 2xx", r.failed, len(ids)-r.skipped))
	}
	r.sayAll(len(ids))
	return nil
}

// sayAll summarizes a run without failures.
func (r *replaying) sayAll(n int) {
	w := r.cmd.Root().Writer
	switch {
	case r.cmd.Bool("json"):
		return
	case n == 0:
		fmt.Fprintln(w, "No delivery matches.")
	case r.skipped > 0:
		fmt.Fprintf(w, "%d skipped\n", r.skipped)
	}
	if r.skipped < n {
		fmt.Fprintf(w, "%d replayed, all answered with 2xx\n", n-r.skipped)
	}
}

// send sends a delivery again. What can't be sent fails if somebody has named it; a choice leaves
// it out, or could never succeed.
func (r *replaying) send(ctx context.Context, id int64) error {
	sent, err := r.sender.Send(ctx, id, r.target, r.edit)
	switch {
	case ctx.Err() != nil:
		return verdict("stopped before all were sent")
	case err == nil:
		if !sent.Answer.OK() {
			r.failed++
		}
		return r.say(sent)
	case errors.Is(err, store.ErrNotFound), errors.Is(err, replay.ErrNotWhole), errors.Is(err, replay.ErrNoField):
	default:
		return err
	}
	if r.named {
		r.failed++
		return r.sayNot(id, "failed", err)
	}
	r.skipped++
	return r.sayNot(id, "skipped", err)
}

func (r *replaying) say(sent *store.Replay) error {
	w := r.cmd.Root().Writer
	if r.cmd.Bool("json") {
		return printJSON(w, record.OfReplay(sent))
	}
	said := answer(sent.Answer)
	if sent.Edited {
		said += " (edited)"
	}
	if sent.Answer.Error != "" {
		said += "  " + visible.Line(sent.Answer.Error, 200)
	}
	_, err := fmt.Fprintf(w, "#%-5d %s\n", sent.Delivery, said)
	return err
}

// sayNot reports a delivery that was not sent.
func (r *replaying) sayNot(id int64, what string, reason error) error {
	w := r.cmd.Root().Writer
	if r.cmd.Bool("json") {
		return printJSON(w, map[string]any{"delivery": id, what: reason.Error()})
	}
	paint := color.New(color.FgYellow)
	if what == "failed" {
		paint = color.New(color.FgRed)
	}
	_, err := fmt.Fprintf(w, "#%-5d %s\n", id, paint.Sprintf("%s: %v", what, reason))
	return err
}
