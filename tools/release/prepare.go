package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// prepare changes the work tree to what will be tagged, and stages it: every module requires the
// others at the version, and published modules replace none of them and have checksums of those
// they require.
func (r repository) prepare(ctx context.Context, version string) error {
	all, err := modules.Find(string(r))
	if err != nil {
		return err
	}
	sums := map[string]checksum{}
	for _, m := range all {
		if err := setRequires(m, all, version); err != nil {
			return err
		}
		if m.Published() {
			dropReplaces(m)
		}
		goMod, err := r.writeGoMod(m)
		if err != nil {
			return err
		}
		if m.Published() {
			required := map[string]checksum{}
			for _, other := range m.Requires(all) {
				required[other.Path] = sums[other.Path]
			}
			if err := setChecksums(r.file(m, "go.sum"), all[0].Path, version, required); err != nil {
				return err
			}
		}
		if _, err := r.git(ctx, "add", m.Dir); err != nil {
			return err
		}
		tree, err := r.git(ctx, "write-tree")
		if err != nil {
			return err
		}
		if sums[m.Path], err = r.checksum(m, version, tree, goMod); err != nil {
			return err
		}
	}
	return nil
}

func (r repository) file(m *modules.Module, name string) string {
	return filepath.Join(string(r), filepath.FromSlash(m.Dir), name)
}

func (r repository) writeGoMod(m *modules.Module) ([]byte, error) {
	m.Go.Cleanup()
	content, err := m.Go.Format()
	if err != nil {
		return nil, err
	}
	return content, os.WriteFile(r.file(m, "go.mod"), content, 0o644) //nolint:gosec // readable, like every file
}

func setRequires(m *modules.Module, all []*modules.Module, version string) error {
	for _, other := range m.Requires(all) {
		if err := m.Go.AddRequire(other.Path, version); err != nil {
			return err
		}
	}
	return nil
}

func dropReplaces(m *modules.Module) {
	for _, replace := range append(m.Go.Replace[:0:0], m.Go.Replace...) {
		_ = m.Go.DropReplace(replace.Old.Path, replace.Old.Version) // always nil
	}
}
