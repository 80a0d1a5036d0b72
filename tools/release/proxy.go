package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/module"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// writeProxy makes dir a module proxy that serves each published module at the version, from its
// tag.
func (r repository) writeProxy(ctx context.Context, dir, version string, all []*modules.Module) error {
	for _, m := range all {
		if !m.Published() {
			continue
		}
		if err := r.serve(ctx, dir, version, m); err != nil {
			return err
		}
	}
	return nil
}

func (r repository) serve(ctx context.Context, dir, version string, m *modules.Module) error {
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	versions := filepath.Join(dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil { //nolint:gosec // a proxy is for everyone
		return err
	}
	tag := m.Tag(version)
	date, err := r.git(ctx, "log", "-1", "--format=%cI", tag)
	if err != nil {
		return err
	}
	committed, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, committed.UTC()})
	if err != nil {
		return err
	}
	goMod, err := r.git(ctx, "show", tag+":"+filepath.ToSlash(filepath.Join(m.Dir, "go.mod")))
	if err != nil {
		return err
	}
	for name, content := range map[string]string{
		"list":            version + "\n",
		version + ".info": string(info),
		version + ".mod":  goMod + "\n",
	} {
		file := filepath.Join(versions, name)
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	return r.writeZip(filepath.Join(versions, version+".zip"), m, version, tag)
}
