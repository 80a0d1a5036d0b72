package core

import (
	"bytes"
	"hash"
	"os"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The event comes from the bytes whose MAC matched: once there is a canonical form, what was received plays no part.
func TestEventIsReadFromTheMatchingForm(t *testing.T) {
	for _, form := range []Form{FormPHP, FormJS} {
		body := []byte(`{"event": "link_clicked", "link": {"code": "Été/1", "team": 5.0}, "city": "Créteil"}`)
		d := newDocument(body)
		_, err := d.form(form)
		require.NoError(t, err)
		copy(body, bytes.Repeat([]byte("x"), len(body)))
		e, err := d.event(form, mac{})
		require.NoError(t, err)
		assert.Equal(t, Link{Code: "Été/1", Team: 5}, e.Link)
		assert.Equal(t, "Créteil", e.City)
		d.free()
	}
}

func TestVerifyReadsTheMatchingForm(t *testing.T) {
	body := []byte(`{"event": "link_clicked", "link": {"code": "yBPhx"}}`)
	signed := []byte(`{"event":"link_clicked","link":{"code":"yBPhx"}}`)
	v := MustVerifier("secret")
	v.keyrings.New = func() any {
		keys := newKeyring([]string{"secret"})
		keys.states[0] = &clobberer{Hash: keys.states[0], body: body}
		return keys
	}
	e, err := v.Verify(t.Context(), body, Sign("secret", signed))
	require.NoError(t, err)
	assert.Equal(t, "yBPhx", e.Link.Code)
	assert.Equal(t, string(signed), string(e.Raw()))
}

// A clobberer overwrites the body once another form of it is being hashed.
type clobberer struct {
	hash.Hash
	body []byte
}

func (c *clobberer) Write(p []byte) (int, error) {
	if len(p) != len(c.body) {
		copy(c.body, bytes.Repeat([]byte("x"), len(c.body)))
	}
	return c.Hash.Write(p)
}

// FuzzTokens checks the one place that looks at JSON without jsontext: it must see the tokens that jsontext sees.
func FuzzTokens(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e+7,"\"\\\/",true,false,null,{},[]],"b":{"\u0061":""}}`, " [ 1 , 2 ]\n", `"a"`, `-0`, `1E5 `, "{\"é\":\"\x7f\u2028\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if validate(body) != nil {
			return
		}
		z := tokenizer{text: body}
		decoder := jsontext.NewDecoder(bytes.NewBuffer(body))
		for {
			want, err := decoder.ReadToken()
			if err != nil {
				require.Empty(t, bytes.TrimSpace(body[z.at:]))
				return
			}
			got := z.next()
			requireSameToken(t, &z, got, want)
			require.EqualValues(t, decoder.InputOffset(), got.end)
			container, length := decoder.StackIndex(decoder.StackDepth())
			require.Equal(t, got.isString() && container == '{' && length%2 == 1, z.isName(got), "%q", body)
		}
	})
}

func requireSameToken(t *testing.T, z *tokenizer, got token, want jsontext.Token) {
	t.Helper()
	if !got.isString() {
		require.Equal(t, want.Kind(), jsontext.Kind(got.kind))
		return
	}
	require.Equal(t, jsontext.Kind('"'), want.Kind())
	literal := z.literal(got)
	value, err := jsontext.AppendUnquote(nil, literal)
	require.NoError(t, err)
	require.Equal(t, want.String(), string(value))
	if got.kind == plainString {
		require.Equal(t, string(literal[1:len(literal)-1]), string(value))
	}
}

// Nothing in a Verifier's answers may depend on what was verified before.
func TestDocumentsAreReused(t *testing.T) {
	lines, err := os.ReadFile("testdata/canonical.jsonl")
	require.NoError(t, err)
	fresh := func(body []byte, form Form) string {
		return formOf(&document{body: body}, form)
	}
	used := new(document)
	for body := range bytes.Lines(lines) {
		for _, body := range [][]byte{body, body[:len(body)/2], []byte(`{"1":[],"\u0000":1}`), []byte(`[1e999]`)} {
			used.body, used.validated, used.canonicalized = body, false, false
			for _, form := range []Form{FormPHP, FormJS} {
				assert.Equal(t, fresh(body, form), formOf(used, form))
			}
		}
	}
}

func formOf(d *document, form Form) string {
	b, err := d.form(form)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
