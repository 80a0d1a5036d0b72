package fiberurlr_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/fiberurlr"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { fiberurlr.Deduplicate(nil) })
}
