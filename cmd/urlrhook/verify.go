package main

import (
	"context"
	"encoding/json"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/diagnose"
)

func newVerify() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "Verify the signature of a body, and explain a mismatch.",
		ArgsUsage: "[FILE]",
		Description: `The exit status is 1 if the signature does not match. Only the first secret is accepted; the
others may explain a mismatch.

   urlrhook verify --signature 5257a8... delivery.json
   urlrhook show --body 12 | urlrhook verify --signature 5257a8...`,
		Flags: append(secretFlags("With several, the first is accepted."),
			&cli.StringFlag{
				Name:     "signature",
				Required: true,
				Usage:    "Verify `HEX`, the value of the x-signature header.",
			},
			&cli.BoolFlag{Name: "json", Usage: "Print the report as JSON."},
		),
		Action: verify,
	}
}

const errMismatch = verdict("the signature does not match")

func verify(ctx context.Context, cmd *cli.Command) error {
	secrets, err := requiredSecrets(cmd)
	if err != nil {
		return err
	}
	body, err := readBodyArgument(ctx, cmd)
	if err != nil {
		return err
	}
	report := diagnose.Explain(body, cmd.String("signature"), secrets...)
	if cmd.Bool("json") {
		err = json.NewEncoder(cmd.Root().Writer).Encode(report)
	} else {
		printReport(cmd.Root().Writer, body, report)
	}
	if err == nil && !report.Authentic {
		err = errMismatch
	}
	return err
}
