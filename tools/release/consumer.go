package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// A consumer is a user of the published modules, with an empty module cache and a proxy that serves
// the new version.
type consumer struct {
	dir     string
	version string
	env     []string
}

func newConsumer(ctx context.Context, dir, proxy, root, version string) (*consumer, error) {
	c := &consumer{dir: dir, version: version, env: os.Environ()}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	others, err := c.run(ctx, dir, "go", "env", "GOPROXY", "GONOSUMDB")
	if err != nil {
		return nil, err
	}
	upstream, unsummed, _ := strings.Cut(others, "\n")
	c.env = append(c.env,
		"GOPROXY=file://"+filepath.ToSlash(proxy)+","+upstream,
		"GOPRIVATE=", "GONOPROXY=", // not around the proxy
		"GONOSUMDB="+strings.TrimPrefix(strings.TrimSpace(unsummed)+","+root, ","), // it is published nowhere yet
		"GOMODCACHE="+filepath.Join(dir, "modcache"),
		"GOBIN="+filepath.Join(dir, "bin"),
		"GOFLAGS=-modcacherw -trimpath", // can be removed; the build cache serves whatever the folder is called
		"GOWORK=off",
	)
	return c, nil
}

// run runs a command in the folder and returns what it printed. The error contains its standard
// error.
func (c *consumer) run(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the arguments are this program's own
	cmd.Dir, cmd.Env = dir, c.env
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, out.String(), complaint.String())
	}
	return out.String(), nil
}

// useAll gets, builds and installs everything that is published. In released, the version is
// checked out.
func (c *consumer) useAll(
	ctx context.Context, released repository, all []*modules.Module, step func(string, ...any),
) error {
	for _, m := range all {
		if !m.Published() {
			continue
		}
		step("go mod tidy -diff in %s", m.Dir)
		if _, err := c.run(ctx, filepath.Join(string(released), m.Dir), "go", "mod", "tidy", "-diff"); err != nil {
			return err
		}
		if m.IsCommand() {
			step("go install %s@%s", m.Path, c.version)
			if err := c.install(ctx, m); err != nil {
				return err
			}
			continue
		}
		step("go get %s@%s, and build with it", m.Path, c.version)
		if err := c.get(ctx, released, m); err != nil {
			return err
		}
	}
	step("build the README's program")
	return c.buildReadme(ctx, released, all)
}

// install installs a command and asks it for its version.
func (c *consumer) install(ctx context.Context, m *modules.Module) error {
	if _, err := c.run(ctx, c.dir, "go", "install", m.Path+"@"+c.version); err != nil {
		return err
	}
	printed, err := c.run(ctx, c.dir, filepath.Join(c.dir, "bin", path.Base(m.Dir)), "version")
	if err != nil {
		return err
	}
	if !strings.Contains(printed, c.version) {
		return fmt.Errorf("%s does not say that it is %s:\n%s", path.Base(m.Dir), c.version, printed)
	}
	return nil
}

// get builds a program that imports every importable package of the module.
func (c *consumer) get(ctx context.Context, released repository, m *modules.Module) error {
	listed, err := c.run(ctx, filepath.Join(string(released), m.Dir),
		"go", "list", "-f", `{{if ne .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	if err != nil {
		return err
	}
	var program strings.Builder
	program.WriteString("package main\n\nimport (\n")
	for pkg := range strings.FieldsSeq(listed) {
		if !strings.Contains(pkg+"/", "/internal/") {
			fmt.Fprintf(&program, "\t_ %q\n", pkg)
		}
	}
	program.WriteString(")\n\nfunc main() {}\n")
	return c.build(ctx, path.Join("get", m.Dir), program.String(), []*modules.Module{m})
}

// buildReadme builds the first complete program of the README with the modules that it imports.
func (c *consumer) buildReadme(ctx context.Context, released repository, all []*modules.Module) error {
	readme, err := os.ReadFile(filepath.Join(string(released), "README.md"))
	if err != nil {
		return err
	}
	program := programIn(string(readme))
	if program == "" {
		return errors.New("README.md has no complete program")
	}
	imported, err := modulesOf(program, all)
	if err != nil {
		return fmt.Errorf("the README's program: %w", err)
	}
	return c.build(ctx, "readme", program, imported)
}

// build builds the program in a new folder, as a module that gets the given modules.
func (c *consumer) build(ctx context.Context, folder, program string, imported []*modules.Module) error {
	dir := filepath.Join(c.dir, filepath.FromSlash(folder))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil { //nolint:gosec // in the scratch folder
		return err
	}
	get := []string{"get"}
	for _, m := range imported {
		get = append(get, m.Path+"@"+c.version)
	}
	for _, args := range [][]string{{"mod", "init", "example.com/receiver"}, get, {"build", "-o", os.DevNull, "."}} {
		if _, err := c.run(ctx, dir, "go", args...); err != nil {
			return err
		}
	}
	return nil
}

// programIn returns the first Go snippet of a document that is a complete program.
func programIn(markdown string) string {
	for _, block := range strings.Split(markdown, "\n```go\n")[1:] {
		snippet, _, closed := strings.Cut(block, "\n```")
		if closed && strings.HasPrefix(strings.TrimSpace(snippet), "package main") {
			return snippet + "\n"
		}
	}
	return ""
}

// modulesOf returns the modules whose packages the program imports.
func modulesOf(program string, all []*modules.Module) ([]*modules.Module, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", program, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imported []*modules.Module
	for _, spec := range file.Imports {
		pkg, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		var provider *modules.Module
		for _, m := range all {
			isIn := pkg == m.Path || strings.HasPrefix(pkg, m.Path+"/")
			if isIn && (provider == nil || len(m.Path) > len(provider.Path)) {
				provider = m
			}
		}
		if provider != nil && !slices.Contains(imported, provider) {
			imported = append(imported, provider)
		}
	}
	return imported, nil
}
