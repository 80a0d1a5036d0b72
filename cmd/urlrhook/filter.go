package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// filterFlags choose deliveries. The verb says what the command does with them.
func filterFlags(verb string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{
			Name:      "verdict",
			Usage:     verb + " only deliveries with this `VERDICT`: authentic, refused or unchecked.",
			Validator: isVerdict,
		},
		&cli.StringFlag{
			Name: "status",
			Usage: verb + " only deliveries with this `STATUS`: 2xx, 3xx, 4xx, 5xx or none (of the first answer)," +
				" failed (no attempt was answered with 2xx), replayed, or accepted (forged, but answered with 2xx).",
		},
		&cli.StringFlag{Name: "code", Usage: verb + " only clicks on the link with this `CODE`."},
		&cli.StringFlag{Name: "country", Usage: verb + " only clicks from this `COUNTRY`, like FR."},
	}
}

func isVerdict(s string) error {
	if !slices.Contains([]store.Verdict{store.Authentic, store.Refused, store.Unchecked}, store.Verdict(s)) {
		return errors.New("use authentic, refused or unchecked")
	}
	return nil
}

func filterOf(cmd *cli.Command) store.Filter {
	return store.Filter{
		Verdict: store.Verdict(cmd.String("verdict")), Status: cmd.String("status"),
		Code: cmd.String("code"), Country: strings.ToUpper(cmd.String("country")),
	}
}
