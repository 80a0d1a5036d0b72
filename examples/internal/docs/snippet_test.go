package docs

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSnippets builds each block of Go.
//
//   - One that begins with "package" is a complete program, and is built as it stands.
//   - One that is a part of a program in examples/ is built with that program.
//   - Any other is a fragment. Declarations are built as a file, statements as the body of a
//     function that returns an error. The packages of [packages] that it uses are imported, and the
//     variables of [given] that it uses are declared.
func TestSnippets(t *testing.T) {
	examples := examplePrograms(t)
	var sources []string
	for _, d := range documents(t) {
		for _, b := range d.blocks(t) {
			if b.language == "go" && !strings.Contains(examples, b.text) {
				sources = append(sources, source(t, b))
			}
		}
	}
	require.Greater(t, len(sources), 10, "the snippets are not found")
	out, err := build(t, sources)
	assert.NoError(t, err, out)
}

// Every wrong snippet is found and reported with its line in the document.
func TestWrongSnippets(t *testing.T) {
	wrong := []struct {
		line    int
		text    string
		message string
	}{
		{100, "package main\n\nfunc main() { return 1 }\n", "README.md:102: too many return values"},
		{200, "undefined()\n", "README.md:200: undefined: undefined"},
		{300, "click := ginurlr.Event(nil)\n", "README.md:300: declared and not used: click"},
		{400, "ginurlr.Missing(secret)\n", "README.md:400: undefined: ginurlr.Missing"},
		{500, "func f() error { return true }\n", "README.md:500: cannot use true"},
	}
	var sources []string
	for _, w := range wrong {
		sources = append(sources, source(t, block{document: "README.md", line: w.line, text: w.text}))
	}
	out, err := build(t, sources)
	assert.Error(t, err)
	for _, w := range wrong {
		assert.Contains(t, out, w.message)
	}
}

// examplePrograms returns the source of all programs in examples.
func examplePrograms(t *testing.T) (text string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "examples", "*", "*.go"))
	require.NoError(t, err)
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			text += read(t, path).text
		}
	}
	return text
}

// source returns the Go file that a block is built as.
func source(t *testing.T, b block) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, b.document))
	require.NoError(t, err)
	text := fmt.Sprintf("//line %s:%d\n%s", path, b.line, b.text) // so that errors name the document
	if strings.HasPrefix(b.text, "package ") {
		return text
	}
	if !isFile("package snippet\n" + text) {
		text = "func _() error {\n" + text + "return nil\n}\n"
	}
	const clause = "package snippet\n"
	for _, name := range identifiers(t, b, clause+text).given {
		text = fmt.Sprintf("var %s %s\n", name, given[name]) + text
	}
	imports := ""
	for _, name := range identifiers(t, b, clause+text).packages {
		imports += fmt.Sprintf("import %q\n", packagePath(name, b.text))
	}
	return clause + imports + text
}

func isFile(text string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", text, 0)
	return err == nil
}

// used returns the names that a file uses, in order.
type used struct{ packages, given []string }

func identifiers(t *testing.T, b block, text string) (u used) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", text, 0)
	require.NoError(t, err, "%s:%d", b.document, b.line)
	found, selected := map[string]bool{}, map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			found[n.Name] = true
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				selected[x.Name] = true
			}
		}
		return true
	})
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok {
			delete(found, f.Name.Name)
		}
	}
	maps.DeleteFunc(found, func(name string, _ bool) bool { return given[name] == "" })
	maps.DeleteFunc(selected, func(name string, _ bool) bool { return packages[name] == "" })
	return used{slices.Sorted(maps.Keys(selected)), slices.Sorted(maps.Keys(found))}
}

// build builds each source as a package of this module.
func build(t *testing.T, sources []string) (string, error) {
	t.Helper()
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	args := []string{"build", "-overlay=" + filepath.Join(dir, "overlay.json")}
	for i, text := range sources {
		name := fmt.Sprintf("snippet%d", i)
		file := filepath.Join(dir, name+".go")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		overlay.Replace[filepath.Join(here, name, "snippet.go")] = file
		args = append(args, "./"+name)
	}
	text, err := json.Marshal(overlay)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "overlay.json"), text, 0o600))
	out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	return string(out), err
}
