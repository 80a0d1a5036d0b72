package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"
)

const secretEnv = "URLR_WEBHOOK_SECRET" //nolint:gosec // a name

// secretFlags has no flag for the secret itself: other users see command lines, and shells remember them.
func secretFlags(several string) []cli.Flag {
	return []cli.Flag{&cli.StringSliceFlag{
		Name:  "secret-file",
		Usage: "`FILE` with a secret, instead of " + secretEnv + "; " + several,
	}}
}

// optionalSecrets returns the secrets that are there.
func optionalSecrets(cmd *cli.Command) (secrets []string, err error) {
	for _, name := range cmd.StringSlice("secret-file") {
		content, err := os.ReadFile(name) //nolint:gosec // the path is the user's choice
		if err != nil {
			return nil, err
		}
		secret := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
		if strings.TrimSpace(secret) == "" {
			return nil, fmt.Errorf("%s is empty: write the secret key of your folder at URLR into it", name)
		}
		secrets = append(secrets, secret)
	}
	if secret := os.Getenv(secretEnv); strings.TrimSpace(secret) != "" && len(secrets) == 0 {
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

// requiredSecrets returns the secrets, of which there must be one.
func requiredSecrets(cmd *cli.Command) ([]string, error) {
	secrets, err := optionalSecrets(cmd)
	if err == nil && len(secrets) == 0 {
		err = fmt.Errorf("there is no secret: set %s to the secret key of your folder at URLR, or name a file with --secret-file", secretEnv)
	}
	return secrets, err
}
