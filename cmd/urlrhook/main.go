// Command urlrhook sends, receives, replays and explains the webhooks of URLR.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newApp().Run(ctx, os.Args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "urlrhook:", err)
		os.Exit(1)
	}
}

func newApp() *cli.Command {
	return &cli.Command{
		Name:                  "urlrhook",
		Usage:                 "see, send, replay and understand URLR webhooks",
		Version:               version(),
		EnableShellCompletion: true,
		Commands:              []*cli.Command{newSend(), newSign(), newVerify(), newListen(), newReplay(), newList(), newShow()},
	}
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
