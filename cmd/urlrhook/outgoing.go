package main

import (
	"errors"
	"net/url"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
)

// outgoingFlags set how deliveries are sent to an application.
func outgoingFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringSliceFlag{
			Name: "header",
			Usage: "Send `HEADER`, like \"Name: value\", instead of any received header with that name." +
				" Other users of this machine can see it.",
		},
	}, certificateFlags()...)
}

// certificateFlags set which certificates of an application are trusted.
func certificateFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "ca-file", Usage: "Also trust the certificates in `FILE`, for https."},
		&cli.BoolFlag{
			Name:  "insecure",
			Usage: "Accept any certificate, for https. The target must be localhost or a loopback address.",
		},
	}
}

// outgoingClient returns a client that sends to the target, which may be nil.
func outgoingClient(cmd *cli.Command, target *url.URL) (*forward.Client, error) {
	header, err := forward.ParseHeader(cmd.StringSlice("header"))
	if err != nil {
		return nil, err
	}
	insecure := cmd.Bool("insecure")
	if insecure && target != nil && !forward.IsLoopbackName(target.Hostname()) {
		return nil, errors.New(
			"--insecure works only for targets on this machine, like https://localhost:8443; use --ca-file for others",
		)
	}
	return forward.NewClient(forward.Options{Header: header, Insecure: insecure, CAFile: cmd.String("ca-file")})
}
