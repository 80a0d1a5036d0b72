// Package check sends a receiver, in any language, what URLR and forgers would send, and judges its
// answers.
package check

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
)

// An Outcome says how a receiver did in a check.
type Outcome string

// The outcomes.
const (
	Pass Outcome = "pass"
	Fail Outcome = "fail"
	Warn Outcome = "warn" // it works, but is likely to cause trouble
	Info Outcome = "info" // either answer is fine
	Skip Outcome = "skip" // it was not sent
)

// A Result is the result of a check.
type Result struct {
	Name       string  `json:"name"`
	Outcome    Outcome `json:"outcome"`
	Sent       string  `json:"sent"`
	Got        string  `json:"got"`
	Fix        string  `json:"fix,omitempty"`     // what to change; for an info, what it means
	Status     int     `json:"status"`            // of the answer; 0: none
	Counted    *int    `json:"counted,omitempty"` // how many clicks the application counted; nil: unknown
	DurationMS float64 `json:"duration_ms"`

	late bool // it was counted after the answer
}

// A Checker checks a receiver. Count, Code and Folder are optional.
type Checker struct {
	Target  *url.URL
	Client  *forward.Client
	Secret  string
	Timeout time.Duration // for an answer
	Count   Counter       // nil: counts are not checked
	Code    string        // of the link; "": urlrtest's
	Folder  string        // ID of the link's folder; "": urlrtest's
	Report  func(Result)  // called with each result
}

// A run is a check in progress.
type run struct {
	*Checker
	results  []Result
	id       string          // random
	clicks   int             // made so far
	took     []time.Duration // by authentic deliveries
	silent   int             // checks in a row without an answer in time
	accepted *delivery       // the first delivery that was

	uncounted    bool          // a click was not counted in time
	slowestCount time.Duration // of a click that was counted
}

// ErrNobody means that nothing answers at the address.
var ErrNobody = errors.New("nobody answers")

// patience is how many answers in a row may be missing before the run stops.
const patience = 2

// Run runs all checks and returns its conclusions, in sentences. An error means that the receiver
// could not be checked.
func (c *Checker) Run(ctx context.Context) (conclusions []string, err error) {
	r := &run{Checker: c, id: rand.Text()[:6]}
	if c.Count != nil {
		if _, err := c.Count(ctx); err != nil {
			return nil, fmt.Errorf("read how many clicks the application has counted: %w", err)
		}
	}
	for _, p := range r.probes() {
		if r.silent >= patience {
			r.add(skipped(p.name))
			continue
		}
		if err := r.try(ctx, p); err != nil {
			return nil, err
		}
	}
	r.judgeSpeed()
	return r.conclude(ctx), ctx.Err()
}

// skipped is the result of a check after too many without an answer in time.
func skipped(name string) Result {
	return Result{Name: name, Outcome: Skip, Sent: "nothing", Got: "no answer in time before"}
}

// try runs a probe. An error ends the run.
func (r *run) try(ctx context.Context, p probe) error {
	result, err := p.run(ctx, r, p)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isUnreachable(err) && len(r.results) == 0:
		return fmt.Errorf("%w at %s: %w", ErrNobody, r.Target.Redacted(), cause(err))
	}
	result.Name = p.name
	if result.Sent == "" {
		result.Sent = p.sent
	}
	switch {
	case isTimeout(err):
		r.silent++
	case result.Outcome != Skip:
		r.silent = 0
	}
	r.add(result)
	return nil
}

func (r *run) add(result Result) {
	r.results = append(r.results, result)
	r.Report(result)
}

// failed reports whether the named check failed. A warning is not a failure.
func (r *run) failed(name string) bool {
	return slices.ContainsFunc(
		r.results,
		func(result Result) bool { return result.Name == name && result.Outcome == Fail },
	)
}

// Len returns how many checks a run has: the steps, and the speed of the answers.
func (c *Checker) Len() int { return len(c.Steps()) + 1 }

// Steps lists what a run sends, so that a person can agree to it.
func (c *Checker) Steps() []string {
	r := &run{Checker: c}
	var steps []string
	for _, p := range r.probes() {
		steps = append(steps, p.sent)
	}
	return steps
}

const slow = time.Second // for an answer

// judgeSpeed judges how long authentic deliveries took.
func (r *run) judgeSpeed() {
	const name = "speed"
	switch {
	case r.silent >= patience:
		r.add(skipped(name))
		return
	case len(r.took) == 0:
		r.add(Result{Name: name, Outcome: Skip, Sent: "nothing", Got: "none was accepted"})
		return
	}
	slices.Sort(r.took)
	longest := r.took[len(r.took)-1]
	result := Result{
		Name: name, Outcome: Pass, DurationMS: milliseconds(longest),
		Sent: fmt.Sprintf("%d authentic deliveries", len(r.took)),
		Got:  fmt.Sprintf("answers within %v, half of them within %v", round(longest), round(r.took[len(r.took)/2])),
	}
	if longest > slow {
		result.Outcome = Warn
		result.Fix = "Answer within a second: store the event in a queue or a table, answer, and do slow work" +
			" afterwards."
	}
	r.add(result)
}

func round(d time.Duration) time.Duration {
	if d > 10*time.Millisecond {
		return d.Round(time.Millisecond)
	}
	return d.Round(10 * time.Microsecond)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
