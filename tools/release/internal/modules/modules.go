// Package modules finds the Go modules of the repository and knows which are published.
package modules

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// Module is one module of the repository.
type Module struct {
	Dir  string // relative to the root of the repository, with slashes; "." for the root module
	Path string
	Go   *modfile.File
}

// Published reports whether users get the module: the root, each folder at the top whose name ends
// in "urlr", and each folder of cmd. All others serve work inside the repository.
func (m *Module) Published() bool {
	parent, name := path.Split(m.Dir)
	return m.Dir == "." || m.IsCommand() || parent == "" && strings.HasSuffix(name, "urlr")
}

// IsCommand reports whether users install the module, rather than import it.
func (m *Module) IsCommand() bool {
	return path.Dir(m.Dir) == "cmd"
}

// Tag returns the tag of the module's version, such as "ginurlr/v0.1.0".
func (m *Module) Tag(version string) string {
	return path.Join(m.Dir, version)
}

// Requires returns the modules among all that m requires.
func (m *Module) Requires(all []*Module) []*Module {
	var required []*Module
	for _, other := range all {
		for _, require := range m.Go.Require {
			if require.Mod.Path == other.Path {
				required = append(required, other)
			}
		}
	}
	return required
}

// Find returns the modules of the repository at root, each after those that it requires. It returns
// an error if a module can't be published as it is.
func Find(root string) ([]*Module, error) {
	var found []*Module
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != root && ignored(entry.Name()) {
			return filepath.SkipDir
		}
		if entry.IsDir() || entry.Name() != "go.mod" {
			return nil
		}
		m, err := read(root, file)
		found = append(found, m)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b *Module) int { return strings.Compare(a.Dir, b.Dir) })
	if len(found) == 0 || found[0].Dir != "." {
		return nil, fmt.Errorf("%s has no go.mod", root)
	}
	for _, m := range found {
		if err := m.check(found); err != nil {
			return nil, err
		}
	}
	return inOrder(found)
}

// ignored reports whether a folder of this name contains no modules of the repository.
func ignored(name string) bool {
	return name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func read(root, file string) (*Module, error) {
	content, err := os.ReadFile(file) //nolint:gosec // a go.mod of the repository
	if err != nil {
		return nil, err
	}
	parsed, err := modfile.Parse(file, content, nil)
	if err != nil {
		return nil, err
	}
	if parsed.Module == nil {
		return nil, fmt.Errorf("%s has no module line", file)
	}
	dir, err := filepath.Rel(root, filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	return &Module{Dir: filepath.ToSlash(dir), Path: parsed.Module.Mod.Path, Go: parsed}, nil
}

// check returns an error if the path of m does not match its folder, as tags require, or if m is
// published and would not work for users.
func (m *Module) check(all []*Module) error {
	if expected := path.Join(all[0].Path, m.Dir); m.Path != expected {
		return fmt.Errorf("module %s is in the folder of %s", m.Path, expected)
	}
	if _, major, _ := module.SplitPathVersion(m.Path); major != "" {
		return fmt.Errorf("%s: major versions from 2 on are not supported", m.Path)
	}
	if !m.Published() {
		return nil
	}
	for _, other := range m.Requires(all) {
		if !other.Published() {
			return fmt.Errorf("%s is published and requires %s, which is not", m.Path, other.Path)
		}
	}
	for _, replace := range m.Go.Replace {
		if !slices.ContainsFunc(all, func(m *Module) bool { return m.Path == replace.Old.Path }) {
			return fmt.Errorf("%s is published and replaces %s: users don't get the replacement",
				m.Path, replace.Old.Path)
		}
	}
	return nil
}

// inOrder sorts the modules topologically, and otherwise keeps their order.
func inOrder(all []*Module) ([]*Module, error) {
	var sorted []*Module
	const visiting, done = 1, 2
	state := map[*Module]int{}
	var visit func(m *Module) error
	visit = func(m *Module) error {
		switch state[m] {
		case done:
			return nil
		case visiting:
			return fmt.Errorf("%s requires itself through others", m.Path)
		}
		state[m] = visiting
		for _, other := range m.Requires(all) {
			if err := visit(other); err != nil {
				return err
			}
		}
		state[m] = done
		sorted = append(sorted, m)
		return nil
	}
	for _, m := range all {
		if err := visit(m); err != nil {
			return nil, err
		}
	}
	return sorted, nil
}
