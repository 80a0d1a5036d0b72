package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"
)

func newVersion() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "Print the version.",
		Action: withoutArguments(func(_ context.Context, cmd *cli.Command) error {
			_, err := fmt.Fprintf(
				cmd.Root().Writer,
				"urlrhook %s (%s, %s/%s)\n",
				version(),
				runtime.Version(),
				runtime.GOOS,
				runtime.GOARCH,
			)
			return err
		}),
	}
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
