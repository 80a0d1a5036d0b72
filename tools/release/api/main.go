// Api maintains docs/api, which lists the exported names of every package that users import.
//
//	go run ./tools/release/api         # write docs/api
//	go run ./tools/release/api -check  # write nothing
//
// With -check it fails if docs/api is out of date, or if CHANGELOG.md does not name an incompatible
// change since the last tagged version. CHANGELOG.md must name it above the section of that
// version, as code and with its package: `core.Event.Raw`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/urlr-community/webhooks-go/tools/release/internal/git"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail if docs/api or CHANGELOG.md is out of date")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *check, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "api:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool, out io.Writer) error {
	root, err := git.Run(ctx, ".", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	packages, err := load(ctx, root)
	if err != nil {
		return err
	}
	folder := filepath.Join(root, "docs", "api")
	if !check {
		return writeTexts(folder, texts(packages))
	}
	return errors.Join(
		compareTexts(folder, texts(packages)),
		compareWithLast(ctx, root, packages, out),
	)
}
