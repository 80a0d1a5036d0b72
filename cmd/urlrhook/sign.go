package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/core"
)

func newSign() *cli.Command {
	return &cli.Command{
		Name:      "sign",
		Usage:     "Print the signature of a body, from a file or standard input.",
		ArgsUsage: "[FILE]",
		Description: `   urlrhook sign delivery.json
   curl -H "x-signature: $(urlrhook sign delivery.json)" --data-binary @delivery.json 127.0.0.1:8080/hook`,
		Flags:  secretFlags("With several, the first signs."),
		Action: sign,
	}
}

func sign(ctx context.Context, cmd *cli.Command) error {
	secrets, err := requiredSecrets(cmd)
	if err != nil {
		return err
	}
	body, err := readBodyArgument(ctx, cmd)
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.Root().Writer, core.Sign(secrets[0], body))
	return nil
}

// readBodyArgument reads the file that the argument names, or standard input.
func readBodyArgument(ctx context.Context, cmd *cli.Command) ([]byte, error) {
	switch cmd.Args().Len() {
	case 0:
		return readInput(ctx, cmd, "-")
	case 1:
		return readInput(ctx, cmd, cmd.Args().First())
	default:
		return nil, errors.New("name one file, or none for standard input")
	}
}
