package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
)

// A checksum is what go.sum says about one module: the hashes of its zip file and of its go.mod.
type checksum struct{ zip, goMod string }

// setChecksums replaces the go.sum lines about this repository's modules, whose root module is
// root, with the checksums of the required ones. It sorts the file as the go command does.
func setChecksums(file, root, version string, required map[string]checksum) error {
	content, err := os.ReadFile(file) //nolint:gosec // a go.sum of this repository
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	hashes := map[module.Version]string{}
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return fmt.Errorf("%s: unexpected line %q", file, line)
		}
		if fields[0] != root && !strings.HasPrefix(fields[0], root+"/") {
			hashes[module.Version{Path: fields[0], Version: fields[1]}] = fields[2]
		}
	}
	for path, sum := range required {
		hashes[module.Version{Path: path, Version: version}] = sum.zip
		hashes[module.Version{Path: path, Version: version + "/go.mod"}] = sum.goMod
	}
	if len(hashes) == 0 {
		return nil
	}
	var sorted []module.Version
	for mod := range hashes {
		sorted = append(sorted, mod)
	}
	module.Sort(sorted)
	var out bytes.Buffer
	for _, mod := range sorted {
		fmt.Fprintf(&out, "%s %s %s\n", mod.Path, mod.Version, hashes[mod])
	}
	return os.WriteFile(filepath.Clean(file), out.Bytes(), 0o644) //nolint:gosec // readable, like every file
}
