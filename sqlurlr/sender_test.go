package sqlurlr_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// senders is the number of deliveries in progress at once.
const senders = 8

// A sender delivers clicks as URLR does: it retries until it gets a 2xx response.
type sender struct {
	url    func() string // of the receiver that is alive
	client http.Client
	cities []int // of each click, which makes its body; twins share one

	acknowledged atomic.Int64

	die func() (point string) // where the receiver of the next try dies; "" if it does not
}

// newSender returns a sender of n clicks, some of which are twins that are sent close to each
// other.
func newSender(url func() string, n int, twins float64) *sender {
	s := &sender{url: url, client: http.Client{Timeout: 10 * time.Second}, die: func() string { return "" }}
	for i := range n {
		if i > 0 && rand.Float64() < twins {
			i = s.cities[max(0, i-1-rand.IntN(senders))]
		}
		s.cities = append(s.cities, i)
	}
	return s
}

// send delivers all clicks, several at once.
func (s *sender) send(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	next := make(chan int)
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for city := range next {
				s.deliver(ctx, t, city)
			}
		})
	}
	for _, city := range s.cities {
		next <- city
	}
	close(next)
	wg.Wait()
}

func (s *sender) deliver(ctx context.Context, t *testing.T, city int) {
	event := urlrtest.NewEvent()
	event.City, event.Timestamp = fmt.Sprint("city-", city), time.Unix(1767225600, 0).UTC()
	for !s.try(ctx, event) {
		if ctx.Err() != nil {
			t.Errorf("%v was not acknowledged in time", event.City)
			return
		}
		time.Sleep(time.Duration(20+rand.IntN(20)) * time.Millisecond)
	}
	s.acknowledged.Add(1)
}

// waitFor waits until n clicks are acknowledged.
func (s *sender) waitFor(t *testing.T, n int) {
	for t.Context().Err() == nil && s.acknowledged.Load() < int64(n) {
		time.Sleep(time.Millisecond)
	}
}

// try reports whether a delivery was acknowledged.
func (s *sender) try(ctx context.Context, event *core.Event) bool {
	r := urlrtest.NewRequest(s.url(), secret, event).WithContext(ctx)
	r.Header.Set(dieHeader, s.die())
	response, err := s.client.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err == nil && response.StatusCode/100 == 2
}

// count returns how many clicks were lost, and how many counted more than once.
func (s *sender) count(t *testing.T, db *sql.DB) (lost, double int) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, city := range s.cities {
		want[fmt.Sprint("city-", city)]++
	}
	rows, err := db.QueryContext(t.Context(), `SELECT city, count(*) FROM clicks GROUP BY city`)
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // Err has it
	for rows.Next() {
		var city string
		var n int
		require.NoError(t, rows.Scan(&city, &n))
		got[city] = n
	}
	require.NoError(t, rows.Err())
	for city, n := range want {
		lost += max(0, n-got[city])
		double += max(0, got[city]-n)
	}
	return lost, double
}
