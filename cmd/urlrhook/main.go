// Command urlrhook receives, sends, replays and explains URLR webhooks.
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
	out := &checkedOutput{file: os.Stdout}
	app := newApp()
	app.Writer = out
	err := app.Run(untilInterrupted(), os.Args)
	if failed := out.err(); failed != nil {
		err = failed // whatever the result is: nobody has seen it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, wrap("urlrhook: "+err.Error(), "", columns(os.Stderr)))
		os.Exit(exitStatus(err))
	}
}

// untilInterrupted returns a context that the first Ctrl-C or SIGTERM ends. The second one ends the
// process.
func untilInterrupted() context.Context {
	const interrupted = 130 // as shells have it
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(interrupted)
	}()
	return ctx
}

// A verdict is an error that is a result: the command did its work, and the outcome is bad.
type verdict string

func (v verdict) Error() string { return string(v) }

// exitStatus is 1 for a bad result and 2 for a command that could not do its work.
func exitStatus(err error) int {
	if _, ok := errors.AsType[verdict](err); ok {
		return 1
	}
	return 2
}

func newApp() *cli.Command {
	cli.HelpPrinter = printHelp
	cli.ShowCommandHelp = showCommandHelp
	app := &cli.Command{
		Name:                            "urlrhook",
		Usage:                           "Receive, inspect, send and replay URLR webhooks.",
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

The exit status is 0 on success, 1 for a bad result (a delivery was not accepted, a signature does
not match), and 2 if the command could not do its work.`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return refuseCommand(cmd, cmd.Args().First())
			}
			return cli.ShowRootCommandHelp(cmd)
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // main prints errors
	}
	prepare(app)
	for _, c := range app.Commands {
		prepare(c)
		c.HideHelpCommand = true // or shells would offer it in place of an ID
	}
	return app
}

// prepare sets what all commands have in common.
func prepare(cmd *cli.Command) {
	cmd.OnUsageError = explainUsageError
	cmd.ShellComplete = complete
	cmd.DisableSliceFlagSeparator = true // values may contain commas
}

// nameCompletion shows the command that prints completion scripts.
func nameCompletion(c *cli.Command) {
	c.Hidden = false
	c.Usage = "Print a completion script for bash, zsh, fish or pwsh."
}

// withoutArguments refuses arguments: most are values whose flag was forgotten.
func withoutArguments(action cli.ActionFunc) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		if cmd.Args().Present() {
			return fmt.Errorf("unexpected argument %q: urlrhook %s --help lists the flags",
				cmd.Args().First(), cmd.Name)
		}
		return action(ctx, cmd)
	}
}
