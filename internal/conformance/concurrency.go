package conformance

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/urlrtest"
)

func testConcurrency(t *testing.T, f Framework) {
	const clients, each = 16, 100
	url, seen := serve(t, f, App{})
	errs := make(chan error, clients)
	for c := range clients {
		go func() { errs <- sendMany(url, c*each, each) }()
	}
	for range clients {
		require.NoError(t, <-errs)
	}

	events := seen.take().events
	codes := map[string]bool{}
	for _, e := range events {
		codes[e.Link.Code] = true
		n, err := strconv.Atoi(strings.TrimPrefix(e.Link.Code, "code-"))
		require.NoError(t, err)
		require.Equal(t, bodyOf(n), string(e.Raw()))
		e.Link.Code = "yBPhx"
		checkEvent(t, urlrtest.Latest, e)
	}
	assert.Len(t, codes, clients*each)
	assert.Len(t, events, clients*each)
}

func sendMany(url string, first, n int) error {
	for i := first; i < first+n; i++ {
		got, err := trySend(url, delivery{body: bodyOf(i), chunked: i%2 == 0})
		if err != nil {
			return err
		}
		if got.status != http.StatusNoContent {
			return fmt.Errorf("delivery %d: status %d", i, got.status)
		}
	}
	return nil
}
