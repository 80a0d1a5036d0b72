package page

import (
	"fmt"
	"strconv"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// A pill is a word on a color. The color only repeats what the word says.
type pill struct{ Text, Kind string }

func verdictPill(v store.Verdict, form string) pill {
	switch {
	case v == store.Authentic:
		return pill{"authentic", "good"}
	case store.IsForged(v, form):
		return pill{"refused", "bad"}
	case v == store.Refused:
		return pill{"no event", "warn"} // but authentic
	default:
		return pill{"unchecked", "idle"}
	}
}

func statusPill(answered bool, status int) pill {
	switch {
	case !answered:
		return pill{"waiting", "idle"}
	case status == 0:
		return pill{"no answer", "bad"}
	case status/100 == 2:
		return pill{strconv.Itoa(status), "good"}
	case status/100 == 3:
		return pill{strconv.Itoa(status), "warn"}
	default:
		return pill{strconv.Itoa(status), "bad"}
	}
}

// answerPill is statusPill with a warning for a 2xx to a forged delivery.
func answerPill(v store.Verdict, form string, answered bool, status int) pill {
	p := statusPill(answered, status)
	if store.IsWronglyAccepted(v, form, status) {
		p.Kind = "warn"
	}
	return p
}

func size(n int64) string {
	switch {
	case n < 0:
		return "unknown size"
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	default:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
}

func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	default:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
}

// utc formats a time for browsers without the script, which makes times local.
func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// version lets the script notice a new answer to a delivery.
func version(answered time.Time) int64 {
	if answered.IsZero() {
		return 0
	}
	return answered.UnixMicro()
}

func short(t time.Time) string { return t.UTC().Format("01-02 15:04:05Z") }

func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
