// Package docs checks README.md and docs/*.md: their Go code builds, their links lead somewhere,
// and the commands in the README work.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the folder of the repository.
const root = "../../.."

// A document is a Markdown file.
type document struct {
	path string // from the root, with slashes
	text string
}

// A block is a fenced block of code.
type block struct {
	document string
	line     int // of the first line inside
	language string
	text     string
}

func documents(t *testing.T) []document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	documents := []document{read(t, filepath.Join(root, "README.md"))}
	for _, path := range paths {
		documents = append(documents, read(t, path))
	}
	return documents
}

func read(t *testing.T, path string) document {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	name, err := filepath.Rel(root, path)
	require.NoError(t, err)
	return document{filepath.ToSlash(name), string(text)}
}

const fence = "```"

// blocks returns the fenced blocks. A fence is at the beginning of its line.
func (d document) blocks(t *testing.T) (blocks []block) {
	t.Helper()
	var open *block
	for i, line := range strings.Split(d.text, "\n") {
		switch language, isFence := strings.CutPrefix(line, fence); {
		case isFence && open == nil:
			open = &block{document: d.path, line: i + 2, language: language}
		case isFence:
			blocks = append(blocks, *open)
			open = nil
		case open != nil:
			open.text += line + "\n"
		}
	}
	require.Nil(t, open, "%s: a block of code has no end", d.path)
	return blocks
}

var (
	link    = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)|(?:src|srcset)="([^"]*)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

func TestLinks(t *testing.T) {
	for _, d := range documents(t) {
		for _, match := range link.FindAllStringSubmatch(d.text, -1) {
			target, anchor := match[1]+match[3], match[2]
			if strings.Contains(target, "://") {
				continue
			}
			path := filepath.Join(root, filepath.Dir(d.path), target)
			if target == "" {
				path = filepath.Join(root, d.path)
			}
			if _, err := os.Stat(path); !assert.NoError(t, err, d.path) || anchor == "" {
				continue
			}
			assert.Contains(t, anchors(read(t, path)), anchor, "%s links to %s%s", d.path, target, anchor)
		}
	}
}

var notInAnchors = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// anchors returns the anchors of a document's headings, as GitHub generates them.
func anchors(d document) (anchors []string) {
	for _, match := range heading.FindAllStringSubmatch(d.text, -1) {
		slug := notInAnchors.ReplaceAllString(strings.ToLower(match[1]), "")
		anchors = append(anchors, "#"+strings.ReplaceAll(slug, " ", "-"))
	}
	return anchors
}
