package core

import (
	"bytes"
	"hash"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The event is decoded from the bytes whose MAC matched. Once the canonical form is computed, the
// bytes received no longer matter.
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

// A clobberer overwrites the body while another form of it is being hashed.
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

// A result must not depend on earlier verifications.
func TestDocumentsAreReused(t *testing.T) {
	lines, err := os.ReadFile("testdata/canonical.jsonl")
	require.NoError(t, err)
	used := new(document)
	for body := range bytes.Lines(lines) {
		for _, body := range [][]byte{
			body, body[:len(body)/2], []byte(`{"1":[],"\u0000":1}`), []byte(`[1e999]`),
			[]byte(`{"event":"\ud800","x":{`),
		} {
			fresh := &document{body: body}
			used.body = body
			for _, form := range []Form{FormPHP, FormJS} {
				assert.Equal(t, formString(fresh, form), formString(used, form))
			}
			want, wantErr := fresh.event(FormRaw, mac{})
			got, gotErr := used.event(FormRaw, mac{})
			assert.Equal(t, wantErr, gotErr)
			assert.Equal(t, want, got)
			used.free()
		}
	}
}

func formString(d *document, form Form) string {
	b, err := d.form(form)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
