package core_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func addBodies(f *testing.F) {
	for _, body := range []string{body2023, body2024, bodyJan2026, bodyMay2026, reencoded(bodyMay2026)} {
		f.Add([]byte(body))
	}
	for _, v := range vectors(f) {
		f.Add(v.Body)
	}
}

// FuzzCanonicalize checks that the forms are JSON, stable, and equivalent.
func FuzzCanonicalize(f *testing.F) {
	addBodies(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		php, phpErr := core.Canonicalize(nil, body, core.FormPHP)
		js, jsErr := core.Canonicalize(nil, body, core.FormJS)
		if phpErr == nil {
			require.True(t, json.Valid(php))
			require.Equal(t, string(php), canonical(t, string(php), core.FormPHP), "idempotent")
			for _, c := range php {
				require.Less(t, c, byte(0x80), "PHP writes ASCII")
			}
		}
		if jsErr == nil {
			require.True(t, json.Valid(js))
			require.Equal(t, string(js), canonical(t, string(js), core.FormJS), "idempotent")
		}
		if phpErr == nil && jsErr == nil {
			require.Equal(t, string(js), canonical(t, string(php), core.FormJS),
				"JavaScript reads what PHP wrote as what PHP read")
		}
	})
}

// FuzzVerify checks that exactly the signatures of the three forms are accepted, and that the
// accepted bytes are in that form.
func FuzzVerify(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Body, v.PHP)
		f.Add(v.Body, v.Node)
		f.Add(v.PHP, v.Body)
	}
	lookUp := func(context.Context, core.Claim) ([]string, error) { return nil, nil }
	verifier := core.MustVerifier(secret, core.WithSecretFunc(lookUp))
	f.Fuzz(func(t *testing.T, body, signed []byte) {
		authentic, form, err := verifier.Authenticate(t.Context(), body, core.Sign(secret, signed))
		want := formOf(body, signed)
		require.Equal(t, want, form)
		if want == 0 {
			require.ErrorIs(t, err, core.ErrSignatureMismatch)
			return
		}
		require.NoError(t, err)
		require.Equal(t, string(signed), string(authentic))
	})
}

// formOf returns the first form of body that matches the signature, or 0.
func formOf(body, signed []byte) core.Form {
	for _, form := range []core.Form{core.FormRaw, core.FormPHP, core.FormJS} {
		if b, err := core.Canonicalize(nil, body, form); err == nil && string(b) == string(signed) {
			return form
		}
	}
	return 0
}

// FuzzEvent checks that decoding does not panic, and that all forms of a body decode to the same
// event.
func FuzzEvent(f *testing.F) {
	addBodies(f)
	f.Add([]byte(`{"event":"e","country":"\u006eull"}`))
	verifier := core.MustVerifier(secret)
	eventOf := func(t *testing.T, arrives, signed []byte) (*core.Event, error) {
		return verifier.Verify(t.Context(), arrives, core.Sign(secret, signed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		want, wantErr := eventOf(t, body, body)
		if wantErr != nil {
			require.ErrorIs(t, wantErr, core.ErrMalformedEvent)
		}
		for _, form := range []core.Form{core.FormPHP, core.FormJS} {
			signed, err := core.Canonicalize(nil, body, form)
			if err != nil {
				continue
			}
			for _, arrives := range [][]byte{body, signed} {
				got, err := eventOf(t, arrives, signed)
				require.Equal(t, wantErr, err)
				if err == nil {
					requireSameEvent(t, want, got)
					require.Equal(t, string(signed), string(got.Raw()))
				}
			}
		}
	})
}

func requireSameEvent(t *testing.T, want, got *core.Event) {
	t.Helper()
	require.Equal(t, want.Type, got.Type)
	require.Equal(t, want.Link, got.Link)
	require.Equal(t, []*bool{want.IsQRCode, want.IsUnique, want.IsBot}, []*bool{got.IsQRCode, got.IsUnique, got.IsBot})
	require.Equal(t, []string{want.Country, want.Region, want.City, want.System, want.Browser, want.Referer},
		[]string{got.Country, got.Region, got.City, got.System, got.Browser, got.Referer})
	require.Equal(t, want.Timestamp, got.Timestamp)
	require.Equal(t, want.Drift(), got.Drift())
}

// encoding/json, with a struct of the documented names, decodes the same bodies independently.
func TestEventAgreesWithEncodingJSON(t *testing.T) {
	for _, body := range []string{body2024, bodyMay2026} {
		e, err := verify(t, body)
		require.NoError(t, err)
		var want struct {
			Event string
			Link  struct {
				ID, Code, Label string
				FolderID        string `json:"folder_id"`
				Team, Folder    int64
			}
			Country, Region, City, System, Browser, Referer string
			Timestamp                                       int64
		}
		require.NoError(t, json.Unmarshal([]byte(body), &want))
		assert.Equal(t, want.Event, string(e.Type))
		assert.Equal(t,
			[]string{want.Link.ID, want.Link.Code, want.Link.Label, want.Link.FolderID,
				want.Country, want.Region, want.City, want.System, want.Browser, want.Referer},
			[]string{e.Link.ID, e.Link.Code, e.Link.Label, e.Link.FolderID,
				e.Country, e.Region, e.City, e.System, e.Browser, e.Referer})
		assert.Equal(t,
			[]int64{want.Link.Team, want.Link.Folder, want.Timestamp},
			[]int64{e.Link.Team, e.Link.Folder, e.Timestamp.Unix()})
	}
}
