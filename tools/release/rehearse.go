package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// rehearsal releases the last commit of the clone in a scratch clone and uses the result as users
// do. It leaves nothing behind.
func rehearsal(ctx context.Context, clone repository, version string, out io.Writer) error {
	scratch, err := os.MkdirTemp("", "release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // a temporary folder
	began := time.Now()
	step := func(format string, args ...any) {
		fmt.Fprintf(out, "%4.0fs  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
	}

	step("clone the last commit; what is not committed is left out")
	copied, err := clone.scratchClone(ctx, filepath.Join(scratch, "clone"))
	if err != nil {
		return err
	}
	step("commit and tag")
	if _, err := copied.release(ctx, version); err != nil {
		return err
	}
	if err := copied.gitAll(ctx, []string{"checkout", "-q", version}); err != nil {
		return err
	}
	all, err := modules.Find(string(copied))
	if err != nil {
		return err
	}
	step("build a module proxy from the tags")
	proxy := filepath.Join(scratch, "proxy")
	if err := copied.writeProxy(ctx, proxy, version, all); err != nil {
		return err
	}
	user, err := newConsumer(ctx, filepath.Join(scratch, "user"), proxy, all[0].Path, version)
	if err != nil {
		return err
	}
	if err := user.useAll(ctx, copied, all, step); err != nil {
		return err
	}
	step("%s works for its users", version)
	return nil
}

// scratchClone clones the last commit to dir, with its own author and without signing.
func (r repository) scratchClone(ctx context.Context, dir string) (repository, error) {
	if _, err := r.git(ctx, "clone", "-q", "--no-tags", ".", dir); err != nil {
		return "", err
	}
	scratch := repository(dir)
	return scratch, scratch.gitAll(ctx,
		[]string{"checkout", "-q", "-B", "rehearsal"},
		[]string{"config", "user.name", "rehearsal"},
		[]string{"config", "user.email", "rehearsal@example.com"},
		[]string{"config", "commit.gpgSign", "false"},
		[]string{"config", "tag.gpgSign", "false"},
		[]string{"config", "core.hooksPath", os.DevNull},
	)
}
