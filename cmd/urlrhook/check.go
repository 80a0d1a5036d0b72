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
		Usage: "Check a receiver in any language: whether it accepts what URLR sends, and refuses what it should.",
		Description: `It sends authentic deliveries of each generation, forged ones, odd ones and repeated ones, and judges
the answers. Your application counts the authentic ones: check a receiver whose clicks nobody needs.
With --count-url or --count-command it also looks at what was counted: a retry once, twins twice.

   urlrhook check --to 8080/webhooks/urlr
   urlrhook check --to 8080/webhooks/urlr --count-url http://127.0.0.1:8080/count
   urlrhook check --to https://staging.example.com/webhooks/urlr --yes

The exit status is 0 if nothing failed, warnings aside, 1 if something failed, and 2 if the receiver could
not be checked.`,
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "to", Required: true, Usage: "Check the receiver at `URL`. 3000 means http://127.0.0.1:3000."},
			&cli.BoolFlag{Name: "yes", Usage: "Send to an address that is not on this machine."},
			&cli.StringFlag{Name: "count-url", Usage: "Ask `URL` how many clicks were counted: the first number in its answer."},
			&cli.StringFlag{
				Name:  "count-command",
				Usage: "Run `COMMAND` to learn how many clicks were counted: the first number that it prints.",
			},
			&cli.StringFlag{Name: "code", Usage: "Set the link's code to `CODE`."},
			&cli.StringFlag{
				Name:  "folder-id",
				Usage: "Set the ID of the link's folder to `ID`, for a receiver with a secret for each folder.",
			},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: "Wait for an answer for this `DURATION`."},
			&cli.BoolFlag{Name: "json", Usage: "Print a JSON object a line for each check."},
		}, secretFlags("Of several, the first signs."), outgoingFlags()),
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
		return verdict("stopped before all was checked")
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
	count, err := counter(cmd)
	if cmd.Duration("timeout") <= 0 {
		err = errors.New("--timeout has to be above 0")
	}
	return &check.Checker{
		Target: target, Client: client, Secret: secrets[0], Timeout: cmd.Duration("timeout"), Count: count,
		Code: cmd.String("code"), Folder: cmd.String("folder-id"),
	}, err
}

// counter returns nil if nothing tells what the application counts.
func counter(cmd *cli.Command) (check.Counter, error) {
	address, command := cmd.String("count-url"), cmd.String("count-command")
	switch {
	case address != "" && command != "":
		return nil, errors.New("--count-url and --count-command tell the same: give one of them")
	case command != "":
		return check.CountByCommand(command), nil
	case address == "":
		return nil, nil
	}
	parsed, err := forward.ParseURL(address)
	if err != nil {
		return nil, err
	}
	return check.CountByURL(&http.Client{Timeout: cmd.Duration("timeout")}, parsed.String()), nil
}

// announce says what is going to be done, and refuses to do so elsewhere unless that is wanted.
func announce(cmd *cli.Command, c *check.Checker) error {
	w := cmd.Root().Writer
	if cmd.Bool("json") {
		w = cmd.Root().ErrWriter
	}
	text := fmt.Sprintf("Sending %s to %s, as URLR and as forgers would. Its application counts the authentic ones.",
		countOf(len(c.Steps()), "check", "checks"), c.Target.Redacted())
	fmt.Fprintln(w, wrap(text, "", columns(w)))
	if isElsewhere(c.Target) && !cmd.Bool("yes") {
		for _, step := range c.Steps() {
			fmt.Fprintln(w, wrap("- "+step, "  ", columns(w)))
		}
		return errors.New("nothing was sent, since that address is not on this machine: add --yes if it is yours to check")
	}
	fmt.Fprintln(w)
	if !cmd.Bool("json") {
		fmt.Fprintln(w, wrap("       CHECK               ANSWER            SENT, AND WHAT TO CHANGE", "", columns(w)))
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

// printResult prints a row of the table, and below it what to change.
func printResult(cmd *cli.Command, r *check.Result) error {
	w := cmd.Root().Writer
	if cmd.Bool("json") {
		return printJSON(w, r)
	}
	const indent = "                           "
	width := columns(w)
	row := fmt.Sprintf("%s   %-18s  %-16s  %s", outcomeColors[r.Outcome].Sprintf("%-4s", r.Outcome), r.Name, r.Got, r.Sent)
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
	}{{check.Pass, "passed"}, {check.Fail, "failed"}, {check.Warn, "warned"}, {check.Info, "for your information"}, {check.Skip, "skipped"}} {
		if n := total[o.outcome]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o.word))
		}
	}
	fmt.Fprintf(w, "\n%s\n", strings.Join(parts, ", "))
	for _, text := range conclusions {
		fmt.Fprintln(w, wrap(bold(text), "", columns(w)))
	}
}
