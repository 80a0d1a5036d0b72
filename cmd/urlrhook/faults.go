package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/urlrtest"
)

const faultCategory = "Faults"

func faultFlags() []cli.Flag {
	share := func(name, usage string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: usage, Category: faultCategory}
	}
	return []cli.Flag{
		share("lose-answers", "Hang up before reading the answer, for this `SHARE` of the attempts, like 1% or 0.01."),
		share("twins", "Send a second click with an identical delivery, for this `SHARE` of the clicks."),
		share("corrupt-signatures", "Sign with another secret, for this `SHARE` of the attempts."),
		share("reencode", "Re-encode the JSON, as gateways do, for this `SHARE` of the attempts."),
		share("delay-answers", "Read the answer only after --delay, for this `SHARE` of the attempts."),
		&cli.DurationFlag{
			Name: "delay", HideDefault: true, Category: faultCategory, Validator: notNegative,
			Usage: "Make --delay-answers wait `DURATION`. Beyond --timeout, the answer is lost.",
		},
		&cli.BoolFlag{
			Name: "forge", Category: faultCategory,
			Usage: "Sign everything with a wrong secret, which the receiver must refuse. This needs no secret.",
		},
		&cli.Uint64Flag{
			Name:        "seed",
			Usage:       "Repeat the run whose summary has this seed.",
			DefaultText: "at random",
			Category:    faultCategory,
		},
	}
}

func faults(cmd *cli.Command) (f urlrtest.Faults, err error) {
	f.Delay = cmd.Duration("delay")
	if cmd.IsSet("delay") != cmd.IsSet("delay-answers") {
		return f, errors.New("--delay-answers and --delay go together: which share of answers is late, and by how much")
	}
	for name, field := range map[string]*float64{
		"lose-answers": &f.LoseAnswer, "twins": &f.Twin, "corrupt-signatures": &f.CorruptSignature,
		"reencode": &f.Reencode, "delay-answers": &f.DelayAnswer,
	} {
		if *field, err = parseShare(name, cmd.String(name)); err != nil {
			return f, err
		}
	}
	return f, nil
}

// parseShare parses a share like "1%" or "0.01".
func parseShare(name, s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, isPercentage := strings.CutSuffix(s, "%")
	share, err := strconv.ParseFloat(number, 64)
	if isPercentage {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return 0, fmt.Errorf("invalid share --%s %s: write it like 1%% or 0.01, from 0 to 100%%", name, s)
	}
	return share, nil
}
