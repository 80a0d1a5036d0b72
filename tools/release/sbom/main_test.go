package main

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The test's own binary has this module as its main one, and testify among its dependencies.
func TestListsTheModulesOfABinary(t *testing.T) {
	binary, err := os.Executable()
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(binary, &out))
	var bom document
	require.NoError(t, json.Unmarshal(out.Bytes(), &bom))
	assert.Equal(t, "CycloneDX", bom.Format)
	assert.Equal(t, "application", bom.Metadata.Component.Type)
	versions := map[string]string{}
	for _, c := range bom.Components {
		versions[c.Name] = c.Version
		assert.Equal(t, "pkg:golang/"+c.Name+"@"+c.Version, c.PURL)
	}
	assert.Equal(t, runtime.Version(), versions["std"])
	assert.Regexp(t, `^v1\.`, versions["github.com/stretchr/testify"])
}

func TestRefusesWhatIsNoGoBinary(t *testing.T) {
	require.Error(t, run("main.go", &bytes.Buffer{}))
	require.Error(t, run("missing", &bytes.Buffer{}))
}
