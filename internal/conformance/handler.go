package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func testHandler(t *testing.T, f Framework) {
	for _, err := range []error{
		fmt.Errorf("%s: %w", private, core.ErrUnavailable),
		fmt.Errorf("%s: %w", private, context.DeadlineExceeded),
		errors.New(private),
	} {
		t.Run(err.Error(), func(t *testing.T) {
			url, seen := serve(t, f, App{})
			seen.err = err
			got := send(t, url, delivery{body: body})
			checkAnswer(t, f, got, err)
			record := seen.take()
			assert.Len(t, record.events, 1)
			if !f.Problems {
				require.Len(t, record.errs, 1)
				assert.ErrorIs(t, record.errs[0], err)
			}
		})
	}
}

// testHandlerDoesNotRefuse has the handler return errors that would otherwise refuse the request,
// or determine the response.
func testHandlerDoesNotRefuse(t *testing.T, f Framework) {
	errs := []error{
		core.ErrNoSignature, core.ErrMalformedSignature, core.ErrSignatureMismatch, core.ErrExpired,
		core.ErrBodyTooLarge, core.ErrBodyUnreadable, core.ErrMalformedEvent,
	}
	for _, status := range []int{http.StatusOK, http.StatusNoContent, http.StatusFound, http.StatusUnauthorized} {
		if f.Error != nil {
			errs = append(errs, f.Error(status))
		}
	}
	url, seen := serve(t, f, App{})
	for _, err := range errs {
		for want, returned := range map[error]error{
			errors.New(private):  fmt.Errorf("%s: %w", private, err),
			core.ErrUnavailable:  errors.Join(core.ErrUnavailable, err),
			errors.New("itself"): err,
		} {
			t.Run(returned.Error(), func(t *testing.T) {
				seen.err = returned
				checkAnswer(t, f, send(t, url, delivery{body: body}), want)
				assert.Len(t, seen.take().events, 1)
			})
		}
	}
}
