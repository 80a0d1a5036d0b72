package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/check"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
)

func newCheck() *cli.Command {
	return &cli.Command{
		Name:  "check",
		Usage: "Check that a receiver, in any language, accepts what URLR sends and refuses the rest.",
		Description: `check sends authentic deliveries of each generation, and forged, unusual and repeated ones,
and judges the answers. Your application counts the authentic ones, so check a receiver with throwaway
data. With --count-url or --count-command, check also verifies what was counted: a retry once, and twins
(two identical clicks) twice.

   urlrhook check --to 8080/webhooks/urlr
   urlrhook check --to 8080/webhooks/urlr --count-url http://127.0.0.1:8080/count
   urlrhook check --to https://staging.example.com/webhooks/urlr --yes

The exit status is 0 if no check failed (warnings don't count), 1 if one failed, and 2 if the receiver
could not be checked.`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{
				Name:     "to",
				Required: true,
				Usage:    "Check the receiver at `URL`. 3000 means http://127.0.0.1:3000.",
			},
			&cli.BoolFlag{Name: "yes", Usage: "Send to an address that is not on this machine."},
			&cli.StringFlag{
				Name:  "count-url",
				Usage: "Get the number of counted clicks from `URL`: the first number in the response.",
			},
			&cli.StringFlag{
				Name:  "count-command",
				Usage: "Get the number of counted clicks from `COMMAND`: the first number it prints.",
			},
			&cli.StringFlag{Name: "code", Usage: "Set the link's code to `CODE`."},
			&cli.StringFlag{
				Name:  "folder-id",
				Usage: "Set the ID of the link's folder to `ID`, for a receiver with a secret per folder.",
			},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: "Wait up to `DURATION` for an answer."},
			&cli.BoolFlag{Name: "json", Usage: "Print each check as a line of JSON."},
		}, secretFlags("With several, the first signs."), outgoingFlags()),
		Action: withoutArguments(checkReceiver),
	}
}

func checkReceiver(ctx context.Context, cmd *cli.Command) error {
	checker, err := newChecker(cmd)
	if err != nil {
		return err
	}
	if err := announce(cmd, checker); err != nil {
		return err
	}
	total := map[check.Outcome]int{}
	var broken error
	checker.Report = func(r check.Result) {
		total[r.Outcome]++
		broken = errors.Join(broken, printResult(cmd, &r))
	}
	conclusions, err := checker.Run(ctx)
	if ctx.Err() != nil {
		return verdict("stopped before all checks were done")
	}
	if err = errors.Join(err, broken); err != nil {
		return err
	}
	if !cmd.Bool("json") {
		printConclusions(cmd.Root().Writer, total, conclusions)
	}
	if n := total[check.Fail]; n > 0 {
		return verdict(countOf(n, "check failed", "checks failed"))
	}
	return nil
}

func newChecker(cmd *cli.Command) (*check.Checker, error) {
	target, err := forward.ParseURL(cmd.String("to"))
	if err != nil {
		return nil, err
	}
	client, err := outgoingClient(cmd, target)
	if err != nil {
		return nil, err
	}
	secrets, err := requiredSecrets(cmd)
	if err != nil {
		return nil, err
	}
	count, err := counter(cmd, client)
	if cmd.Duration("timeout") <= 0 {
		err = errors.New("--timeout must be greater than 0")
	}
	return &check.Checker{
		Target: target, Client: client, Secret: secrets[0], Timeout: cmd.Duration("timeout"), Count: count,
		Code: cmd.String("code"), Folder: cmd.String("folder-id"),
	}, err
}

// counter returns nil if no flag says where the count is. It trusts the certificates that the client
// does.
func counter(cmd *cli.Command, client *forward.Client) (check.Counter, error) {
	address, command := cmd.String("count-url"), cmd.String("count-command")
	switch {
	case address != "" && command != "":
		return nil, errors.New("use either --count-url or --count-command, not both")
	case command != "":
		return check.CountByCommand(command, cmd.Duration("timeout")), nil
	case address == "":
		return nil, nil
	}
	parsed, err := forward.ParseURL(address)
	if err != nil {
		return nil, err
	}
	own := &http.Client{Transport: client.HTTPClient(parsed).Transport, Timeout: cmd.Duration("timeout")}
	return check.CountByURL(own, parsed), nil
}

// announce says what check is going to do. Without --yes it refuses to do so on another machine.
func announce(cmd *cli.Command, c *check.Checker) error {
	w := cmd.Root().Writer
	if cmd.Bool("json") {
		w = cmd.Root().ErrWriter
	}
	text := fmt.Sprintf("Running %s on %s: sending what URLR and forgers would. Your application counts the"+
		" authentic deliveries.", countOf(c.Len(), "check", "checks"), c.Target.Redacted())
	fmt.Fprintln(w, wrap(text, "", columns(w)))
	if isElsewhere(c.Target) && !cmd.Bool("yes") {
		for _, step := range c.Steps() {
			fmt.Fprintln(w, wrap("- "+step, "  ", columns(w)))
		}
		return errors.New("nothing was sent: the receiver is on another machine; add --yes if you may check it")
	}
	fmt.Fprintln(w)
	if !cmd.Bool("json") {
		fmt.Fprintln(w, wrap("       CHECK               ANSWER            SENT AND WHAT TO CHANGE", "", columns(w)))
	}
	return nil
}

func isElsewhere(target *url.URL) bool { return !forward.IsLoopbackName(target.Hostname()) }

var outcomeColors = map[check.Outcome]*color.Color{
	check.Pass: color.New(color.FgGreen),
	check.Fail: color.New(color.Bold, color.FgRed),
	check.Warn: color.New(color.FgYellow),
	check.Info: color.New(color.FgCyan),
	check.Skip: color.New(color.Faint),
}

// printResult prints a row of the table and, below it, what to change.
func printResult(cmd *cli.Command, r *check.Result) error {
	w := cmd.Root().Writer
	if cmd.Bool("json") {
		return printJSON(w, r)
	}
	const indent = "                           "
	width := columns(w)
	outcome := outcomeColors[r.Outcome].Sprintf("%-4s", r.Outcome)
	row := fmt.Sprintf("%s   %-18s  %-16s  %s", outcome, r.Name, r.Got, r.Sent)
	fmt.Fprintln(w, wrap(row, indent, width))
	if r.Fix != "" {
		fmt.Fprintln(w, wrap(indent+"→ "+r.Fix, indent+"  ", width))
	}
	return nil
}

func printConclusions(w io.Writer, total map[check.Outcome]int, conclusions []string) {
	var parts []string
	for _, o := range []struct {
		outcome check.Outcome
		word    string
	}{
		{check.Pass, "passed"},
		{check.Fail, "failed"},
		{check.Warn, "with a warning"},
		{check.Info, "for information"},
		{check.Skip, "skipped"},
	} {
		if n := total[o.outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o.word))
		}
	}
	fmt.Fprintf(w, "\n%s\n", strings.Join(parts, ", "))
	for _, text := range conclusions {
		fmt.Fprintln(w, wrap(bold(text), "", columns(w)))
	}
}
