package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

func idsOf(list []store.Summary) (ids []int64) {
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	return ids
}

// mixed returns a store with deliveries 1 to 6 that differ.
func mixed(t *testing.T) *store.Store {
	s := open(t, file(t), many)
	for i, d := range []store.Delivery{
		{Verdict: store.Authentic, Code: "a", Country: "FR"},
		{Verdict: store.Authentic, Code: "b", Country: "DE"},
		{Verdict: store.Refused, Code: "a"},
		{Verdict: store.Unchecked, Code: "A", Country: "FR"},
		{Verdict: store.Authentic, Code: "a", Country: "FR"},
		{Verdict: store.Authentic, Code: "a", Country: "FR"},
	} {
		d.Received = noon.Add(time.Duration(i) * time.Minute)
		require.EqualValues(t, i+1, add(t, s, d))
	}
	for id, status := range map[int64]int{1: 200, 2: 299, 3: 401, 4: 500, 5: 0} {
		answer(t, s, id, status)
	}
	return s
}

func TestFilters(t *testing.T) {
	s := mixed(t)
	tests := map[string]struct {
		filter store.Filter
		want   []int64
	}{
		"all":         {store.Filter{}, []int64{6, 5, 4, 3, 2, 1}},
		"authentic":   {store.Filter{Verdict: store.Authentic}, []int64{6, 5, 2, 1}},
		"refused":     {store.Filter{Verdict: store.Refused}, []int64{3}},
		"unchecked":   {store.Filter{Verdict: store.Unchecked}, []int64{4}},
		"2xx":         {store.Filter{Status: "2xx"}, []int64{2, 1}},
		"4xx":         {store.Filter{Status: "4xx"}, []int64{3}},
		"5xx":         {store.Filter{Status: "5xx"}, []int64{4}},
		"3xx":         {store.Filter{Status: "3xx"}, nil},
		"failed":      {store.Filter{Status: "failed"}, []int64{6, 5, 4, 3}},
		"none":        {store.Filter{Status: "none"}, []int64{6, 5}},
		"code":        {store.Filter{Code: "a"}, []int64{6, 5, 3, 1}},
		"country":     {store.Filter{Country: "FR"}, []int64{6, 5, 4, 1}},
		"all of them": {store.Filter{Verdict: store.Authentic, Status: "2xx", Code: "a", Country: "FR"}, []int64{1}},
		"hostile":     {store.Filter{Code: "' OR 1=1 --"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			list, err := s.List(t.Context(), test.filter)
			require.NoError(t, err)
			assert.Equal(t, test.want, idsOf(list))
			n, err := s.Count(t.Context(), test.filter)
			require.NoError(t, err)
			assert.Equal(t, len(test.want), n)
		})
	}
}

func TestAStatusThatIsNoFilter(t *testing.T) {
	s := open(t, file(t), many)
	for _, status := range []string{"200", "xx", "0xx", "2xy", "failure"} {
		_, err := s.List(t.Context(), store.Filter{Status: status})
		assert.ErrorContains(t, err, status)
		_, err = s.Count(t.Context(), store.Filter{Status: status})
		assert.ErrorContains(t, err, status)
	}
}

func TestPaging(t *testing.T) {
	s := mixed(t)
	tests := map[string]struct {
		filter store.Filter
		want   []int64
	}{
		"first page":    {store.Filter{Limit: 2}, []int64{6, 5}},
		"second page":   {store.Filter{Limit: 2, Before: 5}, []int64{4, 3}},
		"last page":     {store.Filter{Limit: 4, Before: 3}, []int64{2, 1}},
		"after the end": {store.Filter{Before: 1}, nil},
		"newer":         {store.Filter{After: 4}, []int64{6, 5}},
		"between":       {store.Filter{After: 2, Before: 5}, []int64{4, 3}},
		"of a filter":   {store.Filter{Code: "a", Before: 6, Limit: 2}, []int64{5, 3}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			list, err := s.List(t.Context(), test.filter)
			require.NoError(t, err)
			assert.Equal(t, test.want, idsOf(list))
		})
	}
	n, err := s.Count(t.Context(), store.Filter{Before: 3, After: 1, Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, 6, n, "counting is over all pages")
}

func TestLimits(t *testing.T) {
	s := open(t, ":memory:", many)
	for range 501 {
		add(t, s, store.Delivery{})
	}
	for limit, want := range map[int]int{-1: 50, 0: 50, 1: 1, 500: 500, 501: 500} {
		list, err := s.List(t.Context(), store.Filter{Limit: limit})
		require.NoError(t, err)
		assert.Len(t, list, want, "limit %d", limit)
	}
}

func TestSummary(t *testing.T) {
	s := open(t, file(t), many)
	d, a := full(), fullAnswer()
	id := add(t, s, d)
	want := store.Summary{
		ID: id, Received: d.Received, Verdict: d.Verdict, Problem: d.Problem, Form: d.Form, Code: d.Code,
		Label: d.Label, City: d.City,
		Country: d.Country, Length: d.Length,
	}
	list, err := s.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, []store.Summary{want}, list)

	require.NoError(t, s.SetAnswer(t.Context(), id, a))
	want.Status, want.Error, want.Answered, want.By, want.Duration = a.Status, a.Error, a.At, a.By, a.Duration
	list, err = s.List(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, []store.Summary{want}, list)
}

func TestIDs(t *testing.T) {
	s := mixed(t)
	ids, err := s.IDs(t.Context(), store.Filter{Status: store.Failed, Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, []int64{3, 4, 5, 6}, ids, "all of them, whatever the limit")
	ids, err = s.IDs(t.Context(), store.Filter{Verdict: store.Authentic, Code: "a"})
	require.NoError(t, err)
	assert.Equal(t, []int64{1, 5, 6}, ids)
	_, err = s.IDs(t.Context(), store.Filter{Status: "bad"})
	assert.ErrorContains(t, err, "unknown status")
}

func TestPerMinute(t *testing.T) {
	s := mixed(t)
	add(t, s, store.Delivery{Received: noon.Add(30 * time.Second), Verdict: store.Refused})
	add(t, s, store.Delivery{Received: noon.Truncate(time.Minute).Add(-1), Verdict: store.Refused})
	add(t, s, store.Delivery{Received: noon.Truncate(time.Minute).Add(8 * time.Minute), Verdict: store.Refused})

	minutes, err := s.PerMinute(t.Context(), noon.Add(7*time.Minute), 8)
	require.NoError(t, err)
	want := []store.Minute{
		{Authentic: 1, Refused: 1}, {Authentic: 1}, {Refused: 1}, {Unchecked: 1}, {Authentic: 1}, {Authentic: 1}, {},
		{},
	}
	for i := range want {
		want[i].Start = noon.Truncate(time.Minute).Add(time.Duration(i) * time.Minute)
	}
	assert.Equal(t, want, minutes)

	none, err := s.PerMinute(t.Context(), noon, 0)
	require.NoError(t, err)
	assert.Empty(t, none)
}
