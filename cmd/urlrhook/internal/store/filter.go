package store

import (
	"fmt"
	"strings"
)

// MaxLimit is how many deliveries [Store.List] returns at most.
const MaxLimit = 500

// A Filter chooses deliveries. Zero fields choose all.
type Filter struct {
	Verdict Verdict
	Status  string // see the constants; or by the first digit of the first answer's status: "2xx", "4xx", ...
	Code    string // of the link, exactly
	Country string // exactly
	Search  string // anywhere in the body, with its escapes read, whatever the case
	Before  int64  // only IDs below it: the next page
	After   int64  // only IDs above it
	Limit   int    // default 50, at most MaxLimit
}

// Values of [Filter].Status.
const (
	Failed   = "failed"   // no attempt was answered with 2xx, neither the first nor a replay as received; also if there is no answer yet
	NoStatus = "none"     // the first attempt has no status
	Replayed = "replayed" // it was sent again
	Accepted = "accepted" // it is not authentic, and an attempt was answered with 2xx nevertheless
)

// conditions is the inside of a WHERE clause.
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

// conditions returns those of the filter, without Before and After.
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
			`the status %q is no filter: use one like "2xx", or "failed", "none", "replayed" or "accepted"`,
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
