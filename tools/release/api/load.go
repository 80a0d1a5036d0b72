package main

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"os"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// load type-checks the packages that users can import, and returns them by their path relative to
// the root module.
func load(ctx context.Context, root string) (map[string]*types.Package, error) {
	all, err := modules.Find(root)
	if err != nil {
		return nil, err
	}
	var patterns []string
	for _, m := range all {
		if m.Published() {
			patterns = append(patterns, m.Path+"/...")
		}
	}
	loaded, err := packages.Load(&packages.Config{
		Context: ctx,
		Mode:    packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedModule,
		Dir:     root,
		Env:     append(os.Environ(), "GOOS=linux", "GOARCH=amd64"), // the same on every machine
	}, patterns...)
	if err != nil {
		return nil, err
	}
	found := map[string]*types.Package{}
	var problems []error
	for _, pkg := range loaded {
		for _, problem := range pkg.Errors {
			problems = append(problems, problem)
		}
		if pkg.Module == nil || !published(all, pkg.Module.Path) || pkg.Name == "main" || internal(pkg.PkgPath) {
			continue
		}
		if pkg.Types == nil {
			problems = append(problems, fmt.Errorf("%s has no types", pkg.PkgPath))
			continue
		}
		found[strings.TrimPrefix(pkg.PkgPath, all[0].Path+"/")] = pkg.Types
	}
	return found, errors.Join(problems...)
}

func published(all []*modules.Module, path string) bool {
	for _, m := range all {
		if m.Path == path {
			return m.Published()
		}
	}
	return false
}

func internal(pkg string) bool {
	return strings.Contains("/"+pkg+"/", "/internal/")
}
