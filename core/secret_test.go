package core_test

import (
	"context"
	"crypto/fips140"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestRotation(t *testing.T) {
	var index int
	v := core.MustVerifier(
		"a",
		core.WithSecrets("b", "c"),
		core.WithObserver(func(_ context.Context, o core.Observation) { index = o.SecretIndex }),
	)
	for i, secret := range []string{"a", "b", "c"} {
		_, err := v.Verify(t.Context(), []byte(bodyMay2026), core.Sign(secret, []byte(bodyMay2026)))
		assert.NoError(t, err)
		assert.Equal(t, i, index)
	}
	_, err := v.Verify(t.Context(), []byte(bodyMay2026), core.Sign("d", []byte(bodyMay2026)))
	assert.ErrorIs(t, err, core.ErrSignatureMismatch)
	assert.Equal(t, -1, index)
}

func TestClaim(t *testing.T) {
	for body, want := range map[string]core.Claim{
		bodyMay2026: {LinkID: "9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11", LinkCode: "yBPhx",
			WorkspaceID: "1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001", FolderID: "6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},
		body2023: {LinkCode: "yBPhx", Team: 5, Folder: 10},
		`{"event":"new","link":{"folder_id":"f"}}`: {FolderID: "f"},
		`not JSON`:                   {},
		`{"link":{"folder_id":"f"}}`: {}, // not an event, so never accepted
		`{"event":"e","link":{"folder_id":"f","folder_id":"g"}}`: {},
		`{"event":"e","link":{"Folder_ID":"f","folder":"10"}}`:   {},
	} {
		var got core.Claim
		v, err := core.NewVerifier("", core.WithSecretFunc(func(_ context.Context, claim core.Claim) ([]string, error) {
			got = claim
			return []string{secret}, nil
		}))
		require.NoError(t, err)
		_, _, err = v.Authenticate(t.Context(), []byte(body), core.Sign(secret, []byte(body)))
		assert.NoError(t, err)
		assert.Equal(t, want, got, body)
	}
}

// Otherwise a body signed with one folder's secret could carry another folder's event.
func TestClaimIsTheEvents(t *testing.T) {
	for _, v := range vectors(t) {
		var claim core.Claim
		verifier, err := core.NewVerifier(
			"",
			core.WithSecretFunc(func(_ context.Context, c core.Claim) ([]string, error) {
				claim = c
				return []string{vectorSecret}, nil
			}),
		)
		require.NoError(t, err)
		for _, signature := range []string{v.SigRaw, v.SigPHP, v.SigNode} {
			e, err := verifier.Verify(t.Context(), v.Body, signature)
			if err != nil {
				continue
			}
			want := core.Claim{LinkID: e.Link.ID, LinkCode: e.Link.Code, WorkspaceID: e.Link.WorkspaceID,
				FolderID: e.Link.FolderID, Folder: e.Link.Folder, Team: e.Link.Team}
			assert.Equal(t, want, claim, v.ID)
		}
	}
}

// A body that costs too much before its link, or before its type, has the zero claim. A secret that
// was looked up for that must not sign the event of a folder.
func TestEventBeyondItsClaim(t *testing.T) {
	const link = `"link":{"folder_id":"theirs"}`
	costly := map[string]string{
		"tokens":  `"x":[` + strings.Repeat("0,", 2000) + `0]`,
		"escapes": `"x":"` + strings.Repeat(`\n`, 5000) + `"`,
	}
	lookUp := core.WithSecretFunc(func(_ context.Context, claim core.Claim) ([]string, error) {
		if claim.FolderID == "theirs" {
			return []string{"theirs"}, nil
		}
		return []string{"fallback"}, nil
	})
	for name, member := range costly {
		for order, body := range map[string]string{
			"before the link":     `{"event":"e",` + member + `,` + link + `}`,
			"before the type":     `{` + link + `,` + member + `,"event":"e"}`,
			"within the link":     `{"event":"e","link":{` + member + `,"folder_id":"theirs"}}`,
			"after both, whoever": `{"event":"e",` + link + `,` + member + `}`,
		} {
			v, err := core.NewVerifier("", lookUp)
			require.NoError(t, err)
			_, err = v.Verify(t.Context(), []byte(body), core.Sign("fallback", []byte(body)))
			assert.ErrorIs(t, err, core.ErrSignatureMismatch, "%s %s", name, order)

			v, err = core.NewVerifier("fallback", lookUp)
			require.NoError(t, err)
			_, err = v.Verify(t.Context(), []byte(body), core.Sign("fallback", []byte(body)))
			assert.NoError(t, err, "%s %s: a static secret is for all folders", name, order)
		}
		body := `{"event":"e",` + member + `}`
		v, err := core.NewVerifier("", lookUp)
		require.NoError(t, err)
		_, err = v.Verify(t.Context(), []byte(body), core.Sign("fallback", []byte(body)))
		assert.NoError(t, err, "%s: the event has no folder either", name)
	}
}

func TestSecretFunc(t *testing.T) {
	down := errors.New("database is down")
	for _, test := range []struct {
		name     string
		static   string
		returned []string
		err      error
		signed   string
		want     error
	}{
		{"found", "", []string{"theirs"}, nil, "theirs", nil},
		{"found while rotating", "", []string{"new", "theirs"}, nil, "theirs", nil},
		{"another", "", []string{"theirs"}, nil, "others", core.ErrSignatureMismatch},
		{"beside a static one", "static", []string{"theirs"}, nil, "static", nil},
		{"unknown folder", "", nil, nil, "theirs", core.ErrSignatureMismatch},
		{"unknown folder, static secret", "static", nil, nil, "static", nil},
		{"empty secret", "", []string{""}, nil, "", core.ErrSignatureMismatch},
		{"empty secret among others", "", []string{"", "theirs", ""}, nil, "", core.ErrSignatureMismatch},
		{"others beside an empty secret", "", []string{"", "theirs"}, nil, "theirs", nil},
		{"failing", "", nil, down, "theirs", core.ErrSecretUnavailable},
		{"failing with a static secret", "static", nil, down, "static", core.ErrSecretUnavailable},
		{"failing with secrets", "", []string{"theirs"}, down, "theirs", core.ErrSecretUnavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			type key struct{}
			ctx := context.WithValue(t.Context(), key{}, "request")
			v, err := core.NewVerifier(
				test.static,
				core.WithSecretFunc(func(ctx context.Context, _ core.Claim) ([]string, error) {
					assert.Equal(t, "request", ctx.Value(key{}))
					return test.returned, test.err
				}),
			)
			require.NoError(t, err)
			_, err = v.Verify(ctx, []byte(bodyMay2026), core.Sign(test.signed, []byte(bodyMay2026)))
			assert.ErrorIs(t, err, test.want)
			if test.err != nil {
				assert.ErrorIs(t, err, test.err)
			}
		})
	}
}

// Secrets looked up for one request must not be accepted for the next.
func TestSecretsOfOneRequest(t *testing.T) {
	v, err := core.NewVerifier("", core.WithSecretFunc(func(_ context.Context, claim core.Claim) ([]string, error) {
		if claim.LinkCode == "mine" {
			return []string{"mine"}, nil
		}
		return nil, nil
	}))
	require.NoError(t, err)
	mine, other := `{"event":"e","link":{"code":"mine"}}`, `{"event":"e","link":{"code":"other"}}`
	for range 100 {
		_, err = v.Verify(t.Context(), []byte(mine), core.Sign("mine", []byte(mine)))
		require.NoError(t, err)
		_, err = v.Verify(t.Context(), []byte(other), core.Sign("mine", []byte(other)))
		require.ErrorIs(t, err, core.ErrSignatureMismatch)
	}
}

func TestSecretFuncIsNotCalledInVain(t *testing.T) {
	v, err := core.NewVerifier(
		"",
		core.WithMaxBodyBytes(100),
		core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
			t.Error("called")
			return nil, nil
		}),
	)
	require.NoError(t, err)
	_, err = v.Verify(t.Context(), []byte(`{}`), "nonsense")
	assert.ErrorIs(t, err, core.ErrMalformedSignature)
	_, err = v.Verify(t.Context(), []byte(strings.Repeat(" ", 101)), core.Sign("s", nil))
	assert.ErrorIs(t, err, core.ErrBodyTooLarge)
}

// HMAC pads keys with NUL bytes, so a key of NUL bytes equals the empty key.
func TestBlankSecretsAreNone(t *testing.T) {
	for _, blank := range []string{
		"\x00", string(make([]byte, 32)), "\ufeff", "\u200b", " \u00a0\t\r\n\u3000", "\ufeff\x00\n",
	} {
		_, err := core.NewVerifier(blank)
		assert.ErrorContains(t, err, "empty secret", "%q", blank)
		_, err = core.NewVerifier(secret, core.WithSecrets(blank))
		assert.ErrorContains(t, err, "empty secret", "%q", blank)
		lookUp := core.WithSecretFunc(
			func(context.Context, core.Claim) ([]string, error) { return []string{blank}, nil },
		)
		_, err = core.NewVerifier(blank, lookUp)
		assert.ErrorContains(t, err, "empty secret", "%q", blank)
		for _, static := range []string{"", secret} {
			v, err := core.NewVerifier(static, lookUp)
			require.NoError(t, err)
			_, err = v.Verify(t.Context(), []byte(bodyMay2026), core.Sign("", []byte(bodyMay2026)))
			assert.ErrorIs(t, err, core.ErrSignatureMismatch, "%q", blank)
			assert.ErrorContains(t, err, "returned no secret")
		}
	}
}

// The error says what looks wrong about a secret, but shows no part of it.
func TestFlawedSecrets(t *testing.T) {
	for flawed, want := range map[string]string{
		"s3cr3t\n":     "a newline at its end",
		`"s3cr3t"`:     "quotes around it",
		"\ufeffs3cr3t": "a byte order mark at its start",
		"s3cr3t":       "",
	} {
		static := core.MustVerifier(flawed)
		rotated := core.MustVerifier(secret, core.WithSecrets(flawed))
		lookedUp, err := core.NewVerifier(
			"",
			core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return []string{flawed}, nil }),
		)
		require.NoError(t, err)
		for _, v := range []*core.Verifier{static, rotated, lookedUp} {
			_, err := v.Verify(t.Context(), []byte(bodyMay2026), core.Sign(flawed, []byte(bodyMay2026)))
			require.NoError(t, err, "the secret in URLR may have it too")
			_, err = v.Verify(t.Context(), []byte(bodyMay2026), core.Sign("other", []byte(bodyMay2026)))
			require.ErrorIs(t, err, core.ErrSignatureMismatch)
			assert.Contains(t, err.Error(), want)
			assert.NotContains(t, err.Error(), "s3cr3t")
			if want == "" {
				assert.Equal(t, core.ErrSignatureMismatch, err)
			}
		}
	}
}

// With GODEBUG=fips140=only, crypto/hmac panics on a short key.
func TestShortSecretsInFIPSMode(t *testing.T) {
	if fips140.Enforced() {
		testShortSecretsInFIPSMode(t)
		return
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestShortSecretsInFIPSMode$", "-test.v")
	command.Env = append(os.Environ(), "GODEBUG=fips140=only")
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "--- PASS: TestShortSecretsInFIPSMode")
}

func testShortSecretsInFIPSMode(t *testing.T) {
	const short, long = "13 bytes long", "14 bytes, long"
	for _, opts := range [][]core.Option{{}, {core.WithSecrets(short)}} {
		_, err := core.NewVerifier(short, opts...)
		assert.ErrorContains(t, err, "fips140")
	}
	_, err := core.NewVerifier(long, core.WithSecrets(short))
	assert.ErrorContains(t, err, "fips140")

	signature := core.Sign(long, []byte(bodyMay2026))
	_, err = core.MustVerifier(long).Verify(t.Context(), []byte(bodyMay2026), signature)
	assert.NoError(t, err)
	v, err := core.NewVerifier(
		"",
		core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return []string{long, short}, nil }),
	)
	require.NoError(t, err)
	_, err = v.Verify(t.Context(), []byte(bodyMay2026), signature)
	assert.ErrorIs(t, err, core.ErrSecretUnavailable)
	v, err = core.NewVerifier(
		"",
		core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return []string{""}, nil }),
	)
	require.NoError(t, err)
	_, err = v.Verify(t.Context(), []byte(bodyMay2026), signature)
	assert.ErrorIs(t, err, core.ErrSignatureMismatch)
}
