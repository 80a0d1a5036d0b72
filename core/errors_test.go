package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestStatusCodes(t *testing.T) {
	for _, test := range []struct {
		err        error
		status     int
		retryAfter string
	}{
		{core.ErrNoSignature, 401, ""},
		{core.ErrMalformedSignature, 401, ""},
		{core.ErrSignatureMismatch, 401, ""},
		{core.ErrExpired, 403, ""},
		{core.ErrBodyTooLarge, 413, ""},
		{core.ErrBodyUnreadable, 400, ""},
		{core.ErrMalformedEvent, 422, ""},
		{core.ErrSecretUnavailable, 503, ""},
		{core.ErrNotVerified, 500, ""},
		{core.ErrUnavailable, 503, "10"},
		{errors.New("private"), 500, ""},
		{context.Canceled, 500, ""},
	} {
		wrapped := fmt.Errorf("private: %w", test.err)
		for _, err := range []error{test.err, wrapped, errors.Join(errors.New("private"), test.err)} {
			assert.Equal(t, test.status, core.StatusCode(err), "%v", err)

			answer := httptest.NewRecorder()
			core.WriteProblem(answer, err)
			assert.Equal(t, test.status, answer.Code)
			assert.Equal(t, "application/problem+json", answer.Header().Get("Content-Type"))
			assert.Equal(t, test.retryAfter, answer.Header().Get("Retry-After"))
			assert.NotContains(t, answer.Body.String(), "private")
			var problem struct {
				Type, Title, Detail string
				Status              int
			}
			decoder := json.NewDecoder(answer.Body)
			decoder.DisallowUnknownFields()
			require.NoError(t, decoder.Decode(&problem))
			assert.Equal(t, test.status, problem.Status)
			assert.Equal(t, "about:blank", problem.Type)
			assert.Equal(t, http.StatusText(test.status), problem.Title)
			assert.NotEmpty(t, problem.Detail)
		}
	}
	assert.Equal(t, 204, core.StatusCode(nil))
}

func TestReasons(t *testing.T) {
	for err, want := range map[error]string{
		nil: "", core.ErrNoSignature: "ErrNoSignature", core.ErrMalformedSignature: "ErrMalformedSignature",
		core.ErrSignatureMismatch: "ErrSignatureMismatch", core.ErrExpired: "ErrExpired",
		core.ErrBodyTooLarge: "ErrBodyTooLarge", core.ErrBodyUnreadable: "ErrBodyUnreadable",
		core.ErrMalformedEvent: "ErrMalformedEvent", core.ErrSecretUnavailable: "ErrSecretUnavailable",
		core.ErrNotVerified: "ErrNotVerified", core.ErrUnavailable: "ErrUnavailable",
		context.Canceled: "unforeseen",
	} {
		assert.Equal(t, want, core.Reason(err))
	}
}

// A fault of this side makes URLR retry, whatever else the error says.
func TestErrorsOfThisSideComeFirst(t *testing.T) {
	for _, refusal := range []error{
		core.ErrNoSignature, core.ErrSignatureMismatch, core.ErrBodyTooLarge, core.ErrMalformedEvent,
	} {
		assert.Equal(t, 503, core.StatusCode(errors.Join(refusal, core.ErrUnavailable)))
		assert.Equal(t, 503, core.StatusCode(errors.Join(core.ErrUnavailable, refusal)))
		assert.Equal(t, "ErrSecretUnavailable", core.Reason(errors.Join(refusal, core.ErrSecretUnavailable)))

		lookUp := func(context.Context, core.Claim) ([]string, error) { return nil, refusal }
		v := core.MustVerifier("", core.WithSecretFunc(lookUp))
		_, err := v.Verify(t.Context(), []byte(bodyMay2026), core.Sign(secret, nil))
		assert.Equal(t, 503, core.StatusCode(err))
		assert.Equal(t, "ErrSecretUnavailable", core.Reason(err))
	}
}

// An error of a handler is not a refusal of the delivery.
func TestErrorsOfHandlers(t *testing.T) {
	serve := func(err error) error {
		handle := core.HandlerFunc(func(context.Context, *core.Event) error { return err })
		return handle.Serve(core.NewContext(t.Context(), &core.Event{}))
	}
	for err, want := range map[error]int{
		core.ErrNoSignature: 500, core.ErrSignatureMismatch: 500, core.ErrExpired: 500,
		core.ErrBodyTooLarge: 500, core.ErrMalformedEvent: 500, core.ErrNotVerified: 500,
		core.ErrSecretUnavailable: 503, core.ErrUnavailable: 503, context.Canceled: 500,
	} {
		got := serve(fmt.Errorf("private: %w", err))
		assert.Equal(t, want, core.StatusCode(got), "%v", err)
		assert.ErrorIs(t, got, err)
		assert.Equal(t, want, core.StatusCode(fmt.Errorf("wrapped: %w", got)))
	}
	assert.Equal(t, 503, core.StatusCode(serve(errors.Join(core.ErrUnavailable, core.ErrNoSignature))))
	assert.NoError(t, serve(nil))
}

func TestHandlers(t *testing.T) {
	failed := errors.New("failed")
	var handled []string
	handle := core.OnLinkClicked(func(_ context.Context, e *core.Event) error {
		handled = append(handled, e.Link.Code)
		return failed
	})
	clicked := &core.Event{Type: core.EventLinkClicked, Link: core.Link{Code: "c"}}
	assert.ErrorIs(t, handle(t.Context(), clicked), failed)
	assert.NoError(t, handle(t.Context(), &core.Event{Type: "link_created"}))
	assert.NoError(t, handle(t.Context(), &core.Event{}))
	assert.Equal(t, []string{"c"}, handled)
	assert.Panics(t, func() { core.OnLinkClicked(nil) })

	assert.ErrorIs(t, handle.Serve(core.NewContext(t.Context(), clicked)), failed)
	assert.Equal(t, 500, core.StatusCode(handle.Serve(t.Context())), "nothing verified")
	assert.Equal(t, 500, core.StatusCode(handle.Serve(core.NewContext(t.Context(), nil))))
	assert.Equal(t, []string{"c", "c"}, handled)
}

func TestContext(t *testing.T) {
	e := &core.Event{}
	got, ok := core.FromContext(core.NewContext(t.Context(), e))
	assert.True(t, ok)
	assert.Same(t, e, got)
	for _, ctx := range []context.Context{t.Context(), core.NewContext(t.Context(), nil)} {
		got, ok = core.FromContext(ctx)
		assert.False(t, ok)
		assert.Nil(t, got)
	}
}

func TestFormStrings(t *testing.T) {
	forms := fmt.Sprint(core.FormRaw, core.FormPHP, core.FormJS, core.Form(0), core.Form(9))
	assert.Equal(t, "raw php js Form(0) Form(9)", forms)
}

func TestCanonicalizeUnknownForm(t *testing.T) {
	for _, form := range []core.Form{0, 4} {
		got, err := core.Canonicalize([]byte("dst"), []byte(`{}`), form)
		assert.Error(t, err)
		assert.Equal(t, "dst", string(got))
	}
	got, err := core.Canonicalize([]byte("dst:"), []byte("not JSON"), core.FormRaw)
	require.NoError(t, err)
	assert.Equal(t, "dst:not JSON", string(got))
}

func TestSign(t *testing.T) {
	// RFC 4231, section 4.3
	assert.Equal(t, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		core.Sign("Jefe", []byte("what do ya want for nothing?")))
	for _, v := range vectors(t) {
		assert.Equal(t, v.SigRaw, core.Sign(vectorSecret, v.Body), v.ID)
	}
}
