package modules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/tools/release/internal/modules"
)

// repositoryOf creates a repository of go.mod files, given the folders and what they require.
func repositoryOf(t *testing.T, requires map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for dir, required := range requires {
		folder := filepath.Join(root, filepath.FromSlash(dir))
		require.NoError(t, os.MkdirAll(folder, 0o755))
		content := "module " + strings.TrimSuffix("example.com/hooks/"+dir, "/.") + "\n"
		for other := range strings.FieldsSeq(required) {
			content += "require " + strings.TrimSuffix("example.com/hooks/"+other, "/.") + " v0.0.0\n"
		}
		require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte(content), 0o644))
	}
	return root
}

func TestFind(t *testing.T) {
	root := repositoryOf(t, map[string]string{
		".": "", "aurlr": ". zurlr", "zurlr": ".", "cmd/hook": ". aurlr",
		"cmd/hook/internal/probe": "", "examples": ". aurlr", "tools": "", "tools/xurlr": "", "zurlr/brokertest": "zurlr",
		"core/testdata/module": "", ".cache": "", "_old": "", // no modules of the repository
	})
	found, err := modules.Find(root)
	require.NoError(t, err)
	var order, published []string
	for _, m := range found {
		order = append(order, m.Dir)
		if m.Published() {
			published = append(published, m.Tag("v0.1.0"))
		}
	}
	assert.Equal(t, []string{
		".", "zurlr", "aurlr", "cmd/hook", "cmd/hook/internal/probe",
		"examples", "tools", "tools/xurlr", "zurlr/brokertest",
	}, order)
	assert.Equal(t, []string{"v0.1.0", "zurlr/v0.1.0", "aurlr/v0.1.0", "cmd/hook/v0.1.0"}, published)
}

func TestRefuses(t *testing.T) {
	root := map[string]string{".": ""}
	cycle := map[string]string{".": "", "aurlr": "burlr", "burlr": "aurlr"}
	unpublished := map[string]string{".": "", "aurlr": "loadtest", "loadtest": ""}
	for name, test := range map[string]struct {
		requires map[string]string
		goMod    string // of the folder aurlr
		expected string
	}{
		"no root module":                   {map[string]string{"aurlr": ""}, "", "has no go.mod"},
		"modules that require each other":  {cycle, "", "requires itself"},
		"published requires not published": {unpublished, "", "loadtest, which is not"},
		"a major version":                  {map[string]string{".": "", "aurlr/v2": ""}, "", "not supported"},
		"a path that is not the folder's":  {root, "module example.com/hooks/burlr\n", "in the folder of"},
		"a go.mod without a module":        {root, "go 1.26\n", "no module line"},
		"a go.mod that is none":            {root, "nonsense\n", "unknown directive"},
		"a replacement that users don't get": {
			root, "module example.com/hooks/aurlr\n\nreplace example.com/other => example.com/fork v1.0.0\n", "users don't get",
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := repositoryOf(t, test.requires)
			if test.goMod != "" {
				file := filepath.Join(root, "aurlr", "go.mod")
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
				require.NoError(t, os.WriteFile(file, []byte(test.goMod), 0o644))
			}
			_, err := modules.Find(root)
			require.ErrorContains(t, err, test.expected)
		})
	}
}

// Dependabot lists every module once.
func TestDependabotKnowsEveryModule(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..")
	config, err := os.ReadFile(filepath.Join(root, ".github", "dependabot.yml"))
	require.NoError(t, err)
	found, err := modules.Find(root)
	require.NoError(t, err)
	for _, m := range found {
		folder := strings.TrimSuffix("/"+m.Dir, ".")
		assert.Equal(t, 1, strings.Count(string(config), `- "`+folder+"\"\n"), "lines of %s in dependabot.yml", folder)
	}
	assert.Equal(t, len(found), strings.Count(string(config), `- "/`), "modules in dependabot.yml")
}
