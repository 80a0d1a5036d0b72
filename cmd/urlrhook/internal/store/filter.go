package store

import (
	"fmt"
	"strings"
)

// MaxLimit is the most deliveries that [Store.List] returns.
const MaxLimit = 500

// A Filter matches deliveries. Zero fields match all.
type Filter struct {
	Verdict Verdict
	Status  string // a constant below, or the class of the first answer's status: "2xx", "4xx", ...
	Code    string // of the link, exactly
	Country string // exactly
	Search  string // anywhere in the body, with or without its escapes decoded; case-insensitive
	Before  int64  // only IDs below it: the next page
	After   int64  // only IDs above it
	Limit   int    // default 50, at most MaxLimit
}

// Values of [Filter].Status.
const (
	Failed   = "failed"   // no 2xx yet, neither to the first attempt nor to an unedited replay
	NoStatus = "none"     // the first attempt has no status
	Replayed = "replayed" // at least once
	Accepted = "accepted" // forged, but an attempt was answered with 2xx
)

// conditions are the terms of a WHERE clause.
type conditions struct {
	terms []string
	args  []any
}

func (c *conditions) add(term string, args ...any) {
	c.terms = append(c.terms, term)
	c.args = append(c.args, args...)
}

func (c *conditions) String() string {
	if len(c.terms) == 0 {
		return "true"
	}
	return strings.Join(c.terms, " AND ")
}

// conditions returns the filter's conditions, without Before and After.
func (f Filter) conditions() (*conditions, error) {
	c := &conditions{}
	if f.Verdict != "" {
		c.add("verdict = ?", string(f.Verdict))
	}
	if f.Code != "" {
		c.add("code = ?", f.Code)
	}
	if f.Country != "" {
		c.add("country = ?", f.Country)
	}
	if f.Search != "" {
		c.add(
			"EXISTS (SELECT 1 FROM contents WHERE contents.id = deliveries.id AND "+containsFunction+"(body, ?))",
			strings.ToLower(f.Search),
		)
	}
	return c, c.addStatus(f.Status)
}

func (c *conditions) addStatus(status string) error {
	switch {
	case status == "":
	case status == Failed:
		c.add("NOT acknowledged")
	case status == NoStatus:
		c.add("status = 0")
	case status == Accepted:
		c.add("verdict = ? AND form = '' AND acknowledged", string(Refused))
	case status == Replayed:
		c.add("replays > 0")
	case len(status) == 3 && status[0] >= '1' && status[0] <= '9' && status[1:] == "xx":
		class := 100 * int(status[0]-'0')
		c.add("status BETWEEN ? AND ?", class, class+99)
	default:
		return fmt.Errorf(
			`unknown status %q: use one like "2xx", or "failed", "none", "replayed" or "accepted"`,
			status,
		)
	}
	return nil
}

func (f Filter) limit() int {
	const standard = 50
	if f.Limit <= 0 {
		return standard
	}
	return min(f.Limit, MaxLimit)
}
