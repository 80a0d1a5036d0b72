// Release prepares the modules of this repository for a version, and tags them.
//
//	go run ./tools/release -version v0.1.0            # print what would be done
//	go run ./tools/release -version v0.1.0 -rehearse  # do it in a scratch clone, and use the result as a user does
//	go run ./tools/release -version v0.1.0 -tag       # do it in this clone; nothing is pushed
//
// A release is one commit with a tag for each published module. In it, every module requires the
// others at the version, and published modules have no replace directives. The commit after it
// brings the directives back.
//
// A rehearsal starts with an empty module cache. Modules of other repositories come from the
// GOPROXY in the environment. If the network is slow, put your module cache in front of it:
//
//	GOPROXY="file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)" go run ./tools/release …
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	version := flags.String("version", "", "the version to release, such as v0.1.0")
	rehearse := flags.Bool("rehearse", false, "release in a scratch clone, and use the result as a user does")
	tag := flags.Bool("tag", false, "commit and tag in this clone")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *rehearse && *tag {
		return errors.New("-rehearse and -tag exclude each other")
	}
	if err := checkVersion(*version); err != nil {
		return err
	}
	top, err := repository(".").git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	clone := repository(top)
	switch {
	case *rehearse:
		return rehearsal(ctx, clone, *version, out)
	case *tag:
		return tagClone(ctx, clone, *version, out)
	default:
		return clone.printPlan(ctx, *version, out)
	}
}

// checkVersion accepts v0.1.0 and v1.2.3-rc.1, but not v1.2, 0.1.0, or v2.0.0, whose module paths
// would differ.
func checkVersion(version string) error {
	if version == "" {
		return errors.New("-version is missing")
	}
	if semver.Canonical(version) != version || module.IsPseudoVersion(version) {
		return fmt.Errorf("%q is no version such as v0.1.0", version)
	}
	return module.CheckPathMajor(version, "")
}

func tagClone(ctx context.Context, clone repository, version string, out io.Writer) error {
	tags, err := clone.tag(ctx, version)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Committed and tagged. To publish:\n\ngit push --atomic origin HEAD %s\n", strings.Join(tags, " "))
	return nil
}
