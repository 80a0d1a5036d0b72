package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func TestWatch(t *testing.T) {
	s := open(t, file(t), many)
	first, stopFirst := s.Watch()
	defer stopFirst()
	second, stopSecond := s.Watch()
	assert.Empty(t, first, "nothing has happened yet")

	id := add(t, s, full())
	<-first
	<-second
	answer(t, s, id, 200)
	<-first
	<-second

	stopSecond()
	stopSecond()
	add(t, s, full())
	<-first
	assert.Empty(t, second)
}

func TestASlowWatcherGetsAValueAfterTheLastChange(t *testing.T) {
	s := open(t, file(t), many)
	changed, stop := s.Watch()
	defer stop()

	const adds = 500
	var wg sync.WaitGroup
	wg.Go(func() {
		for range adds {
			d := full()
			assert.NoError(t, s.Add(t.Context(), &d))
		}
	})
	for seen := 0; seen < adds; {
		<-changed
		var err error
		seen, err = s.Count(t.Context(), store.Filter{})
		require.NoError(t, err)
	}
	wg.Wait()
}
