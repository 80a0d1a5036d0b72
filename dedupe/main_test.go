package dedupe_test

import (
	"flag"
	"testing"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "2000") // unless the command line says otherwise
	m.Run()
}
