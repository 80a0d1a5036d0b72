package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A summary counts the outcomes of deliveries. In its JSON, times are in milliseconds.
type summary struct {
	Deliveries   int            `json:"deliveries"`   // including twins
	Acknowledged int            `json:"acknowledged"` // answered with 2xx
	GivenUp      int            `json:"given_up"`     // not answered with 2xx in any attempt
	Attempts     int            `json:"attempts"`
	Twins        int            `json:"twins"`
	LostAnswers  int            `json:"lost_answers"` // on purpose
	Statuses     map[string]int `json:"statuses"`     // of attempts
	Errors       map[string]int `json:"errors"`       // why attempts had no answer
	Latency      latency        `json:"latency_ms"`   // of attempts with an answer
	Seconds      float64        `json:"seconds"`
	Seed         uint64         `json:"seed,string"` // a string, because it can exceed JavaScript's numbers

	mu        sync.Mutex
	start     time.Time
	latencies []time.Duration
	forged    bool
}

type latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func newSummary(forged bool, seed uint64) *summary {
	return &summary{Statuses: map[string]int{}, Errors: map[string]int{}, Seed: seed, forged: forged, start: time.Now()}
}

func (s *summary) add(d *urlrtest.Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(d.Attempts) == 0 {
		return // it was stopped before the first attempt
	}
	s.Deliveries++
	if d.Twin {
		s.Twins++
	}
	if d.Acknowledged() {
		s.Acknowledged++
	} else {
		s.GivenUp++
	}
	for i := range d.Attempts {
		s.addAttempt(&d.Attempts[i])
	}
}

func (s *summary) addAttempt(a *urlrtest.Attempt) {
	s.Attempts++
	switch {
	case errors.Is(a.Err, urlrtest.ErrAnswerLost):
		s.LostAnswers++
	case a.Err != nil:
		s.Errors[visible.Line(cause(a.Err), 200)]++ // it can quote the answer
	default:
		s.Statuses[strconv.Itoa(a.Status)]++
		s.latencies = append(s.latencies, a.Duration)
	}
}

// cause returns the innermost error: the outer ones only add what a person knows.
func cause(err error) string {
	for inner := err; inner != nil; inner = unwrap(inner) {
		err = inner
	}
	return err.Error()
}

// unwrap also unwraps joined errors.
func unwrap(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()[0]
	}
	return errors.Unwrap(err)
}

func (s *summary) finish() {
	s.Seconds = time.Since(s.start).Seconds()
	slices.Sort(s.latencies)
	s.Latency = latency{s.percentile(50), s.percentile(90), s.percentile(99), s.percentile(100)}
}

// percentile returns the p-th percentile of the latencies, in milliseconds.
func (s *summary) percentile(p int) float64 {
	if len(s.latencies) == 0 {
		return 0
	}
	rank := (len(s.latencies)*p + 99) / 100
	return float64(s.latencies[rank-1].Microseconds()) / 1000
}

// err returns the reason for an exit status other than 0.
func (s *summary) err() error {
	switch {
	case s.forged:
		return s.forgeryErr()
	case s.GivenUp > 0:
		return verdict(fmt.Sprintf("%d of %d deliveries were not accepted", s.GivenUp, s.Deliveries))
	default:
		return nil
	}
}

// forgeryErr returns nil if the receiver refused every forged delivery. Without an answer, or a
// receiver at the address, nothing was refused.
func (s *summary) forgeryErr() error {
	refused := 0
	for status, n := range s.Statuses {
		if isRefusal(status) {
			refused += n
		}
	}
	switch {
	case s.Acknowledged > 0:
		return verdict(fmt.Sprintf("%d forged deliveries were accepted: the receiver does not verify", s.Acknowledged))
	case refused < s.Attempts:
		return verdict(
			fmt.Sprintf(
				"%d of %d forged deliveries were not accepted, but not refused with 4xx either",
				s.Attempts-refused,
				s.Attempts,
			),
		)
	default:
		return nil
	}
}

// isRefusal reports whether a status says that a delivery is not authentic, rather than that the
// address is wrong or the receiver busy.
func isRefusal(status string) bool {
	switch status {
	case "404", "405", "408", "421", "425", "426", "429":
		return false
	default:
		return strings.HasPrefix(status, "4")
	}
}

func (s *summary) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(s)
	}
	const indent = "            "
	for line := range strings.Lines(s.text()) {
		fmt.Fprintln(w, wrap(strings.TrimSuffix(line, "\n"), indent, columns(w)))
	}
	return nil
}

func (s *summary) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Deliveries  %d, %d acknowledged, %d given up", s.Deliveries, s.Acknowledged, s.GivenUp)
	if s.Twins > 0 {
		fmt.Fprintf(&b, ", %d of them twins", s.Twins)
	}
	fmt.Fprintf(&b, "\nAttempts    %d", s.Attempts)
	if s.LostAnswers > 0 {
		fmt.Fprintf(&b, ", %s lost on purpose", countOf(s.LostAnswers, "answer", "answers"))
	}
	fmt.Fprintf(&b, "\nStatuses    %s\n", counts(s.Statuses))
	if len(s.Errors) > 0 {
		fmt.Fprintf(&b, "No answer   %s\n", counts(s.Errors))
	}
	for _, hint := range s.hints() {
		fmt.Fprintf(&b, "            → %s\n", hint)
	}
	fmt.Fprintf(&b, "Latency     p50 %s  p90 %s  p99 %s  max %s\n",
		milliseconds(s.Latency.P50), milliseconds(s.Latency.P90),
		milliseconds(s.Latency.P99), milliseconds(s.Latency.Max))
	fmt.Fprintf(&b, "Time        %.1f s, %.0f deliveries a second\n", s.Seconds, float64(s.Deliveries)/s.Seconds)
	fmt.Fprintf(&b, "Seed        %d\n", s.Seed)
	if s.forged && s.Attempts > 0 && s.forgeryErr() == nil {
		b.WriteString("All forged deliveries were refused, as they should be.\n")
	}
	return b.String()
}

func milliseconds(ms float64) string { return fmt.Sprintf("%.1f ms", ms) }

// counts returns text like "204 × 3, 503 × 1".
func counts(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	parts := make([]string, 0, len(m))
	for _, what := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s × %d", what, m[what]))
	}
	return strings.Join(parts, ", ")
}
