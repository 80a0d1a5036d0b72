package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/urlr-community/webhooks-go/core"
)

// secrets maps folder IDs to secret keys.
type secrets map[string][]string

var errNoSecretsFile = errors.New("no secrets file: set -secrets or URLR_SECRETS_FILE")

func loadSecrets(file string) (secrets, error) {
	if file == "" {
		return nil, errNoSecretsFile
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var s secrets
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf(`%s: %w, want {"folder ID": ["secret"]}`, file, err)
	}
	if len(s) == 0 {
		return nil, fmt.Errorf("%s: no folders", file)
	}
	return s, nil
}

// lookUp is a core.SecretFunc. Folders missing from the file have no secrets, so their deliveries
// are refused.
func (s secrets) lookUp(_ context.Context, claim core.Claim) ([]string, error) {
	return s[claim.FolderID], nil
}
