package main

import (
	"bytes"
	"io"
	"os"
	"path"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// writeZip writes the zip file of the module's version as the go command makes it from a tag.
// Revision is anything that git knows: a tag, a commit or a tree.
func (r repository) writeZip(file string, m *modules.Module, version, revision string) error {
	out, err := os.Create(file) //nolint:gosec // in a folder of this program's own
	if err != nil {
		return err
	}
	dir := m.Dir
	if dir == "." {
		dir = ""
	}
	err = modzip.CreateFromVCS(out, module.Version{Path: m.Path, Version: version}, string(r), revision, dir)
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// checksum computes what go.sum says of the module's version in the tree, whose go.mod is goMod.
func (r repository) checksum(m *modules.Module, version, tree string, goMod []byte) (checksum, error) {
	scratch, err := os.MkdirTemp("", "release-zip-*")
	if err != nil {
		return checksum{}, err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // a temporary folder
	file := path.Join(scratch, "module.zip")
	if err := r.writeZip(file, m, version, tree); err != nil {
		return checksum{}, err
	}
	ofZip, err := dirhash.HashZip(file, dirhash.Hash1)
	if err != nil {
		return checksum{}, err
	}
	ofGoMod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(goMod)), nil
	})
	return checksum{zip: ofZip, goMod: ofGoMod}, err
}
