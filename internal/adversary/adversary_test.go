package adversary_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/internal/adversary"
	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// A kind that breaks early, or is smaller than requested, would make the library look better than
// it is.
func TestKinds(t *testing.T) {
	documents := len(adversary.Documents())
	seen := map[string]bool{}
	for i, kind := range adversary.All() {
		assert.False(t, seen[kind.Name], "twice: %s", kind.Name)
		seen[kind.Name] = true
		for _, size := range []int{406, 1 << 10, 4 << 10, 64 << 10} {
			if b := kind.Body(size); b != nil || size == 64<<10 {
				assert.Len(t, b, size, kind.Name)
				assert.Equal(t, i < documents, jsondoc.Valid(b), "%s: %.100q", kind.Name, b)
			}
		}
	}
}
