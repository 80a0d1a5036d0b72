// Command urlrhook sends, receives, replays and explains the webhooks of URLR.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second interrupt ends it at once
	err := newApp().Run(ctx, os.Args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, wrap("urlrhook: "+err.Error(), "", columns(os.Stderr)))
		os.Exit(exitStatus(err))
	}
}

// A verdict is an error that is a result: the command did what it was asked to.
type verdict string

func (v verdict) Error() string { return string(v) }

// exitStatus is 1 for a bad result, and 2 for what could not be done.
func exitStatus(err error) int {
	if _, ok := errors.AsType[verdict](err); ok {
		return 1
	}
	return 2
}

func newApp() *cli.Command {
	cli.HelpPrinter = printHelp
	app := &cli.Command{
		Name:                            "urlrhook",
		Usage:                           "See, send, replay and understand the webhooks of URLR.",
		Version:                         version(),
		EnableShellCompletion:           true,
		ConfigureShellCompletionCommand: nameCompletion,
		Commands: []*cli.Command{
			newListen(), newSend(), newReplay(), newCheck(), newList(), newShow(), newVerify(), newSign(), newVersion(),
		},
		Description: `The secret is read from ` + secretEnv + `, or from a file with --secret-file.

   urlrhook listen --forward 8080/webhooks/urlr
   urlrhook send --to 8787
   urlrhook replay --failed --to 8080/webhooks/urlr

The exit status is 0 for success, 1 for a bad result (a delivery that was not accepted, a
signature that does not match), and 2 for what could not be done.`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return refuseCommand(cmd, cmd.Args().First())
			}
			return cli.ShowRootCommandHelp(cmd)
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // main does it
	}
	prepare(app)
	for _, c := range app.Commands {
		prepare(c)
		c.HideHelpCommand = true // it would be completed where an ID is
	}
	return app
}

// prepare gives a command what all have.
func prepare(cmd *cli.Command) {
	cmd.OnUsageError = explainUsageError
	cmd.ShellComplete = complete
	cmd.DisableSliceFlagSeparator = true // a value may have commas
}

// nameCompletion lists the command that prints what completes commands and flags.
func nameCompletion(c *cli.Command) {
	c.Hidden = false
	c.Usage = "Print a script that completes commands, flags and IDs, for bash, zsh, fish or pwsh."
}

// withoutArguments refuses arguments: most are flags whose name was forgotten.
func withoutArguments(action cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		if cmd.Args().Present() {
			return fmt.Errorf("%q belongs to no flag: urlrhook %s --help lists them", cmd.Args().First(), cmd.Name)
		}
		return action(ctx, cmd)
	}
}
