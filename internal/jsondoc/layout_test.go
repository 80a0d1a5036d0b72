package jsondoc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

func TestLayouts(t *testing.T) {
	const text = ` {"a" :[1 ,-2.50E+1,[ ],{}],` +
		`"\u00e9\/":{"b":"\u0041\u0009\u001F\u007f","c":"\ud83d\ude00\"\\<"} , "d":null } `
	for _, test := range []struct {
		layout jsondoc.Layout
		want   string
	}{
		{jsondoc.Layout{}, `{"a":[1,-2.50E+1,[],{}],` +
			`"\u00e9\/":{"b":"\u0041\u0009\u001F\u007f","c":"\ud83d\ude00\"\\<"},"d":null}`},
		{
			jsondoc.Layout{Spaces: true, Unescaped: true},
			`{"a": [1, -2.50E+1, [], {}], "é/": {"b": "A\t\u001f` + "\x7f" + `", "c": "😀\"\\<"}, "d": null}`,
		},
		{
			jsondoc.Layout{Indent: "\t"},
			"{\n\t\"a\": [\n\t\t1,\n\t\t-2.50E+1,\n\t\t[],\n\t\t{}\n\t],\n" +
				"\t\"\\u00e9\\/\": {\n\t\t\"b\": \"\\u0041\\u0009\\u001F\\u007f\",\n" +
				"\t\t\"c\": \"\\ud83d\\ude00\\\"\\\\<\"\n\t},\n\t\"d\": null\n}",
		},
	} {
		got, err := test.layout.Append([]byte("> "), []byte(text), new(jsondoc.Scanner))
		require.NoError(t, err)
		assert.Equal(t, "> "+test.want, string(got))
	}
}

func TestLayoutsOfScalars(t *testing.T) {
	for _, text := range []string{`""`, `1`, `null`, `[]`, `{}`} {
		got, err := jsondoc.Layout{Indent: "  "}.Append(nil, []byte(" "+text+"\n"), new(jsondoc.Scanner))
		require.NoError(t, err)
		assert.Equal(t, text, string(got))
	}
}

// The scanner decides what counts as a document.
func TestLayoutsOfOtherTexts(t *testing.T) {
	twice := []byte(`{"a":1,"a":2}`)
	_, err := jsondoc.Layout{}.Append(nil, twice, new(jsondoc.Scanner))
	require.ErrorIs(t, err, jsondoc.ErrDuplicateName)
	got, err := jsondoc.Layout{}.Append(nil, twice, &jsondoc.Scanner{AllowDuplicateNames: true})
	require.NoError(t, err)
	assert.Equal(t, twice, got)
	_, err = jsondoc.Layout{}.Append(nil, []byte(`[[]]`), &jsondoc.Scanner{Depth: 1})
	require.ErrorIs(t, err, jsondoc.ErrTooDeep)
	for _, text := range []string{``, ` `, `{`, `{"a":1,}`, `1 2`} {
		_, err = jsondoc.Layout{}.Append(nil, []byte(text), new(jsondoc.Scanner))
		require.ErrorIs(t, err, jsondoc.ErrSyntax, text)
	}
}
