package echourlr_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/echourlr"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { echourlr.Deduplicate(nil) })
}
