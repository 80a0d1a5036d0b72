package main

import (
	"errors"
	"net/url"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
)

// outgoingFlags say how deliveries are sent to an application.
func outgoingFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{
			Name: "header",
			Usage: "Add `HEADER` to what is sent, like \"Name: value\". It takes the place of one that was received." +
				" Other users of this machine can see it.",
		},
		&cli.StringFlag{Name: "ca-file", Usage: "Trust the certificates in `FILE` too, for https."},
		&cli.BoolFlag{
			Name:  "insecure",
			Usage: "Take any certificate, for https. The target has to be localhost or a loopback address.",
		},
	}
}

// outgoingClient returns what sends to the target, which may be nil.
func outgoingClient(cmd *cli.Command, target *url.URL) (*forward.Client, error) {
	header, err := forward.ParseHeader(cmd.StringSlice("header"))
	if err != nil {
		return nil, err
	}
	insecure := cmd.Bool("insecure")
	if insecure && target != nil && !forward.IsLoopbackName(target.Hostname()) {
		return nil, errors.New(
			"--insecure is for targets on this machine, like https://localhost:8443: name the authority of others with --ca-file",
		)
	}
	return forward.NewClient(forward.Options{Header: header, Insecure: insecure, CAFile: cmd.String("ca-file")})
}
