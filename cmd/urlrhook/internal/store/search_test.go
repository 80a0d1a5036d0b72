package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// A part of a body finds it, whether typed with escapes decoded or as sent.
func TestSearch(t *testing.T) {
	s := open(t, file(t), many)
	add(t, s, store.Delivery{Code: "elsewhere", Body: []byte(`{"link":{"code":"yBPhx","label":"\u00c9t\u00e9 \ud83c\udf89"},"referer":"https:\/\/example.com\/a"}`)})
	add(t, s, store.Delivery{Body: []byte("\xff\\ud83c broken \\u00")})
	add(t, s, store.Delivery{})
	for text, want := range map[string][]int64{
		"": {3, 2, 1}, "ybphx": {1}, "BPH": {1}, "été": {1}, "ÉTÉ 🎉": {1}, "\\u00e9": {1},
		"https://EXAMPLE.com/": {1}, `https:\/\/`: {1},
		"broken": {2}, "elsewhere": nil, "100%_": nil, "none": nil,
	} {
		list, err := s.List(t.Context(), store.Filter{Search: text})
		require.NoError(t, err)
		assert.Equal(t, want, idsOf(list), "%q", text)
		n, err := s.Count(t.Context(), store.Filter{Search: text})
		require.NoError(t, err)
		assert.Len(t, want, n)
	}
}
