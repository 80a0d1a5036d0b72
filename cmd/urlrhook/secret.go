package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

const secretEnv = "URLR_WEBHOOK_SECRET" //nolint:gosec // a name

// secretFlags has no flag for the secret itself: other users can see command lines, and shells keep
// a history of them.
func secretFlags(several string) []cli.Flag {
	return []cli.Flag{&cli.StringSliceFlag{
		Name:  "secret-file",
		Usage: "Read a secret from `FILE` instead of " + secretEnv + ". " + several,
	}}
}

// optionalSecrets returns the configured secrets, and warns about one that looks mistyped. A blank
// secret is an error: whoever sets it wants signatures to be verified.
func optionalSecrets(cmd *cli.Command) (secrets []string, err error) {
	for _, name := range cmd.StringSlice("secret-file") {
		content, err := os.ReadFile(name) //nolint:gosec // the path is the user's choice
		if err != nil {
			return nil, err
		}
		secret := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
		if hmackey.IsBlank(secret) {
			return nil, fmt.Errorf("%s is blank: write the secret key of your URLR folder to it", name)
		}
		warnOfSecret(cmd.Root().ErrWriter, name, secret)
		secrets = append(secrets, secret)
	}
	secret := os.Getenv(secretEnv)
	if len(secrets) > 0 || secret == "" {
		return secrets, nil
	}
	if hmackey.IsBlank(secret) {
		return nil, fmt.Errorf("%[1]s is blank: set %[1]s to the secret key of your URLR folder, or unset it",
			secretEnv)
	}
	warnOfSecret(cmd.Root().ErrWriter, secretEnv, secret)
	return []string{secret}, nil
}

// requiredSecrets returns the secrets, or an error if there are none.
func requiredSecrets(cmd *cli.Command) ([]string, error) {
	secrets, err := optionalSecrets(cmd)
	if err == nil && len(secrets) == 0 {
		err = fmt.Errorf(
			"no secret: set %s to the secret key of your URLR folder, or name a file with --secret-file",
			secretEnv,
		)
	}
	return secrets, err
}

// warnOfSecret says what was probably pasted along with a secret. It does not print the secret.
func warnOfSecret(w io.Writer, source, secret string) {
	if flaws := hmackey.Flaws(secret); flaws != nil {
		text := fmt.Sprintf(
			"Warning: the secret in %s has %s. It is used as is: no signature matches unless"+
				" URLR's secret has the same.",
			source,
			strings.Join(flaws, " and "),
		)
		fmt.Fprintln(w, wrap(text, "", columns(w)))
	}
}
