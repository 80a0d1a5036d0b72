package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// A Minute counts the deliveries of a minute.
type Minute struct {
	Start                         time.Time
	Authentic, Unchecked, Refused int
}

// PerMinute returns the counts of the last n minutes, oldest first, including empty ones. The last
// one is the minute that contains now.
func (s *Store) PerMinute(ctx context.Context, now time.Time, n int) ([]Minute, error) {
	if n <= 0 {
		return nil, nil
	}
	first := now.UTC().Truncate(time.Minute).Add(-time.Duration(n-1) * time.Minute)
	minutes := make([]Minute, n)
	for i := range minutes {
		minutes[i].Start = first.Add(time.Duration(i) * time.Minute)
	}
	counts, err := s.countMinutes(ctx, first, n)
	if err != nil {
		return nil, fmt.Errorf("count deliveries per minute: %w", explain(err))
	}
	for _, c := range counts {
		m := &minutes[c.index]
		m.Authentic, m.Unchecked, m.Refused = c.authentic, c.unchecked, c.refused
	}
	return minutes, nil
}

type minuteCount struct{ index, authentic, unchecked, refused int }

// countMinutes returns the counts of the n minutes from first that are not empty. Index 0 is first.
func (s *Store) countMinutes(ctx context.Context, first time.Time, n int) ([]minuteCount, error) {
	start, length := first.UnixMicro(), time.Minute.Microseconds()
	scan := func(rows *sql.Rows) (c minuteCount, err error) {
		return c, rows.Scan(&c.index, &c.authentic, &c.unchecked, &c.refused)
	}
	const query = `SELECT (received - ?1) / ?2, count(*) FILTER (WHERE verdict NOT IN (?3, ?5)),
		count(*) FILTER (WHERE verdict = ?5), count(*) FILTER (WHERE verdict = ?3)
		FROM deliveries WHERE received >= ?1 AND received < ?1 + ?2 * ?4 GROUP BY 1`
	return collect(ctx, s.read, scan, query, start, length, string(Refused), n, string(Unchecked))
}
