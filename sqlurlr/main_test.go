package sqlurlr_test

import (
	"os"
	"testing"

	"github.com/urlr-community/webhooks-go/internal/pgtest"
)

// TestMain is also the main function of the receivers that die.
func TestMain(m *testing.M) {
	if os.Getenv(receiverEnv) != "" {
		receive()
		return
	}
	os.Exit(pgtest.Main(m))
}
