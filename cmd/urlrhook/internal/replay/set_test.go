package replay_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/replay"
)

func TestSet(t *testing.T) {
	const body = ` { "event":"link_clicked", "link" : {"code":"a","label":null}, "city":"Cr\u00e9hen","n":1.0}`
	for _, test := range []struct{ field, value, want string }{
		{"city", "Liège", `{ "event":"link_clicked", "link" : {"code":"a","label":null}, "city":"Li\u00e8ge","n":1.0}`},
		{"link.code", "b/c", `{ "event":"link_clicked", "link" : {"code":"b\/c","label":null}, "city":"Cr\u00e9hen","n":1.0}`},
		{"link.label", `{"a":[1]}`, `{ "event":"link_clicked", "link" : {"code":"a","label":{"a":[1]}}, "city":"Cr\u00e9hen","n":1.0}`},
		{"event", "null", `{ "event":null, "link" : {"code":"a","label":null}, "city":"Cr\u00e9hen","n":1.0}`},
		{"n", "false", `{ "event":"link_clicked", "link" : {"code":"a","label":null}, "city":"Cr\u00e9hen","n":false}`},
		{"n", `"5"`, `{ "event":"link_clicked", "link" : {"code":"a","label":null}, "city":"Cr\u00e9hen","n":"5"}`},
		{"n", `a "b" <c>`, `{ "event":"link_clicked", "link" : {"code":"a","label":null}, "city":"Cr\u00e9hen","n":"a \"b\" <c>"}`},
		{"new", "", `{ "event":"link_clicked", "link" : {"code":"a","label":null}, "city":"Cr\u00e9hen","n":1.0,"new":""}`},
		{"link.id", "x", `{ "event":"link_clicked", "link" : {"code":"a","label":null,"id":"x"}, "city":"Cr\u00e9hen","n":1.0}`},
	} {
		got, err := replay.Set([]byte(body), test.field, test.value)
		require.NoError(t, err, test.field)
		assert.Equal(t, test.want, string(got), test.field)
		assert.True(t, json.Valid(got))
	}
	got, err := replay.Set([]byte(`{}`), "a", "1")
	require.NoError(t, err)
	assert.Equal(t, `{"a":1}`, string(got))
	got, err = replay.Set([]byte(`{"a":1,"a":{"b":2}}`), "a.b", "3")
	require.NoError(t, err)
	assert.Equal(t, `{"a":1,"a":{"b":3}}`, string(got), "the last one counts")
}

func TestSetRefuses(t *testing.T) {
	for _, test := range []struct{ body, field, want string }{
		{`not JSON`, "a", "not JSON"}, {``, "a", "not JSON"}, {`{"a":1} `, "b.c", "there is no b"}, {`{"a":1}`, "a.b",
			"is not an object"}, {`[1]`, "a", "is not an object"},
		{`{"a":[1]}`, "a.0", "is not an object"},
	} {
		_, err := replay.Set([]byte(test.body), test.field, "1")
		assert.ErrorContains(t, err, test.want, test.body)
		assert.ErrorIs(t, err, replay.ErrNoField)
	}
}
