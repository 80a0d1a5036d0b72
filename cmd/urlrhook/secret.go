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

// secretFlags has no flag for the secret itself: other users see command lines, and shells remember them.
func secretFlags(several string) []cli.Flag {
	return []cli.Flag{&cli.StringSliceFlag{
		Name:  "secret-file",
		Usage: "Read a secret from `FILE`, instead of " + secretEnv + ". " + several,
	}}
}

// optionalSecrets returns the secrets that are given, and warns of what looks like a mistake in one.
// A blank one is an error: whoever sets it means to verify.
func optionalSecrets(cmd *cli.Command) (secrets []string, err error) {
	for _, name := range cmd.StringSlice("secret-file") {
		content, err := os.ReadFile(name) //nolint:gosec // the path is the user's choice
		if err != nil {
			return nil, err
		}
		secret := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
		if hmackey.IsBlank(secret) {
			return nil, fmt.Errorf("%s is blank: write the secret key of your folder at URLR into it", name)
		}
		warnOfSecret(cmd.Root().ErrWriter, name, secret)
		secrets = append(secrets, secret)
	}
	secret := os.Getenv(secretEnv)
	if len(secrets) > 0 || secret == "" {
		return secrets, nil
	}
	if hmackey.IsBlank(secret) {
		return nil, fmt.Errorf("%[1]s is blank: set %[1]s to the secret key of your folder at URLR, or unset it", secretEnv)
	}
	warnOfSecret(cmd.Root().ErrWriter, secretEnv, secret)
	return []string{secret}, nil
}

// requiredSecrets returns the secrets, of which there must be one.
func requiredSecrets(cmd *cli.Command) ([]string, error) {
	secrets, err := optionalSecrets(cmd)
	if err == nil && len(secrets) == 0 {
		err = fmt.Errorf(
			"there is no secret: set %s to the secret key of your folder at URLR, or name a file with --secret-file",
			secretEnv,
		)
	}
	return secrets, err
}

// warnOfSecret names what was probably pasted along with a secret, but not the secret.
func warnOfSecret(w io.Writer, source, secret string) {
	if flaws := hmackey.Flaws(secret); flaws != nil {
		text := fmt.Sprintf(
			"Warning: the secret in %s has %s. It is used as it is, and no signature will match if URLR's has none.",
			source,
			strings.Join(flaws, " and "),
		)
		fmt.Fprintln(w, wrap(text, "", columns(w)))
	}
}
