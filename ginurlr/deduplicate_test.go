package ginurlr_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/ginurlr"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { ginurlr.Deduplicate(nil) })
}
