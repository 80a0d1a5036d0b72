package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestListsTheModulesOfABinary(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "release")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", binary, "..").CombinedOutput()
	require.NoError(t, err, string(built))
	var out bytes.Buffer
	require.NoError(t, run(binary, &out))
	var bom document
	require.NoError(t, json.Unmarshal(out.Bytes(), &bom))
	assert.Equal(t, "CycloneDX", bom.Format)
	assert.Equal(t, "application", bom.Metadata.Component.Type)
	assert.Equal(t, "github.com/urlr-community/webhooks-go/tools/release", bom.Metadata.Component.Name)
	versions := map[string]string{}
	for _, c := range bom.Components {
		versions[c.Name] = c.Version
		assert.Equal(t, "pkg:golang/"+c.Name+"@"+c.Version, c.PURL)
	}
	assert.Equal(t, runtime.Version(), versions["std"])
	assert.Regexp(t, `^v0\.\d+\.\d+$`, versions["golang.org/x/mod"])
	assert.NotContains(t, versions, "github.com/stretchr/testify", "tests are not in the binary")
}

func TestRefusesWhatIsNoGoBinary(t *testing.T) {
	require.Error(t, run("main.go", &bytes.Buffer{}))
	require.Error(t, run("missing", &bytes.Buffer{}))
}
