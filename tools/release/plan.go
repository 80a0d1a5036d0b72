package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// printPlan prints what a release would do, and what prevents it.
func (r repository) printPlan(ctx context.Context, version string, out io.Writer) error {
	all, err := modules.Find(string(r))
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Published() {
			fmt.Fprintf(out, "tag %s\n", m.Tag(version))
		} else {
			fmt.Fprintf(out, "not published: %s\n", m.Dir)
		}
		for _, other := range m.Requires(all) {
			fmt.Fprintf(out, "\trequire %s %s\n", other.Path, version)
		}
		if !m.Published() {
			continue
		}
		for _, replace := range m.Go.Replace {
			fmt.Fprintf(out, "\tdrop the replacement of %s\n", replace.Old.Path)
		}
	}
	if err := r.ready(ctx, version); err != nil {
		fmt.Fprintf(out, "\nNot ready: %v\n", err)
	}
	return nil
}
