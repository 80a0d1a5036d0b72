package urlrtest

import (
	"fmt"
	"net/url"
	"slices"
)

// check panics if a field is missing or invalid.
func (s *Sender) check() {
	if s.URL == "" || s.Secret == "" {
		panic("urlrtest: Sender without URL or Secret")
	}
	target, err := url.Parse(s.URL)
	if err != nil {
		panic("urlrtest: invalid URL: " + err.Error())
	}
	isHTTP := (target.Scheme == "http" || target.Scheme == "https") && target.Host != ""
	if s.Client == nil && !isHTTP { // a Client may know other schemes
		panic(fmt.Sprintf("urlrtest: invalid URL %q: want http:// or https:// and a host", target.Redacted()))
	}
	if s.Generation != "" && !slices.Contains(Generations(), s.Generation) {
		panic(fmt.Sprintf("urlrtest: unknown generation %q, want one of %q", s.Generation, Generations()))
	}
	for name, value := range map[string]float64{
		"Retry.Attempts":      float64(s.Retry.Attempts),
		"Retry.FirstInterval": float64(s.Retry.FirstInterval),
		"Retry.Factor":        s.Retry.Factor,
		"Retry.Timeout":       float64(s.Retry.Timeout),
		"Faults.Delay":        float64(s.Faults.Delay),
		"Rate":                s.Rate,
		"Concurrency":         float64(s.Concurrency),
	} {
		if !(value >= 0) {
			panic(fmt.Sprintf("urlrtest: Sender.%s is %v, want at least 0", name, value))
		}
	}
	for name, value := range map[string]float64{
		"Retry.Jitter":            s.Retry.Jitter,
		"Faults.LoseAnswer":       s.Faults.LoseAnswer,
		"Faults.DelayAnswer":      s.Faults.DelayAnswer,
		"Faults.CorruptSignature": s.Faults.CorruptSignature,
		"Faults.Reencode":         s.Faults.Reencode,
		"Faults.Twin":             s.Faults.Twin,
	} {
		if !(value >= 0 && value <= 1) {
			panic(fmt.Sprintf("urlrtest: Sender.%s is %v, want 0 to 1", name, value))
		}
	}
}
