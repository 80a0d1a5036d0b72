package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// A repository is a clone with a work tree, at its root folder.
type repository string

// git runs git in the repository and returns what it printed, without the last newline.
func (r repository) git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...) //nolint:gosec // the arguments are this program's own
	cmd.Dir = string(r)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, complaint.String())
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// gitAll runs commands in turn until one fails.
func (r repository) gitAll(ctx context.Context, commands ...[]string) error {
	for _, args := range commands {
		if _, err := r.git(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}
