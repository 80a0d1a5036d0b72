// Command urlrhook sends, receives, replays and explains the webhooks of URLR.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second interrupt ends it at once
	err := newApp().Run(ctx, os.Args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "urlrhook:", err)
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
	return &cli.Command{
		Name:                            "urlrhook",
		Usage:                           "see, send, replay and understand URLR webhooks",
		Version:                         version(),
		EnableShellCompletion:           true,
		ConfigureShellCompletionCommand: func(completion *cli.Command) { completion.Hidden = false },
		Commands:                        withShortUsageErrors(newListen(), newSend(), newReplay(), newList(), newShow(), newSign(), newVerify()),
		Description: `The secret is read from ` + secretEnv + `, or from a file with --secret-file.

   urlrhook listen --forward http://127.0.0.1:8080/webhooks/urlr
   urlrhook send --to http://127.0.0.1:8787
   urlrhook replay --failed --to http://127.0.0.1:8080/webhooks/urlr

It exits with 0, with 1 for a bad result (a delivery that was not accepted, a signature that does not match), and with 2 for what could not be done.`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return fmt.Errorf("there is no command %q: urlrhook --help lists them", cmd.Args().First())
			}
			return cli.ShowRootCommandHelp(cmd)
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // main does it
	}
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

// withShortUsageErrors has a mistake answered with what is wrong, not with all of the help.
func withShortUsageErrors(commands ...*cli.Command) []*cli.Command {
	for _, c := range commands {
		c.OnUsageError = func(_ context.Context, _ *cli.Command, err error, _ bool) error { return err }
	}
	return commands
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
