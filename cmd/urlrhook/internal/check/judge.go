package check

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// accepts checks a delivery that must be answered with 2xx and counted once.
func accepts(name, sent, fix string, newDelivery func(*run) *delivery) probe {
	return probe{name: name, sent: sent, fix: fix, run: func(ctx context.Context, r *run, p probe) (Result, error) {
		d := newDelivery(r)
		base, err := r.base(ctx)
		if err != nil {
			return notCounted(err), nil
		}
		a := r.send(ctx, d)
		result := r.judgeAccepted(a, p.fix)
		if result.Outcome == Pass {
			if r.accepted == nil {
				r.accepted = d
			}
			if !d.slow {
				r.took = append(r.took, a.took)
			}
			r.judgeCount(ctx, &result, base, 1)
		}
		return result, a.err
	}}
}

// refuses checks a delivery that must be answered with 4xx and not counted.
func refuses(name, sent, fix string, newDelivery func(*run) *delivery) probe {
	return probe{name: name, sent: sent, fix: fix, run: func(ctx context.Context, r *run, p probe) (Result, error) {
		base, err := r.base(ctx)
		if err != nil {
			return notCounted(err), nil
		}
		a := r.send(ctx, newDelivery(r))
		result := judgeRefused(a, p.fix)
		if result.Outcome == Pass {
			r.judgeCount(ctx, &result, base, 0)
		}
		return result, a.err
	}}
}

// uncounted leaves the count alone, for events that an application may count or not.
func (p probe) uncounted() probe {
	inner := p.run
	p.run = func(ctx context.Context, r *run, p probe) (Result, error) {
		count := r.Count
		r.Count = nil
		defer func() { r.Count = count }()
		return inner(ctx, r, p)
	}
	return p
}

// warns turns a failure into a warning.
func (p probe) warns() probe {
	inner := p.run
	p.run = func(ctx context.Context, r *run, p probe) (Result, error) {
		result, err := inner(ctx, r, p)
		if result.Outcome == Fail {
			result.Outcome = Warn
		}
		return result, err
	}
	return p
}

// base returns how many clicks were counted before a check, or 0 without a Counter.
func (r *run) base(ctx context.Context) (int, error) {
	if r.Count == nil {
		return 0, nil
	}
	return r.Count(ctx)
}

// settledBase waits until the clicks of earlier checks are counted, and returns the base.
func (r *run) settledBase(ctx context.Context) (n int, err error) {
	n, err = r.base(ctx)
	for deadline := time.Now().Add(countTimeout); err == nil && r.Count != nil && time.Now().Before(deadline); {
		before := n
		pause(ctx, settling)
		if n, err = r.base(ctx); n == before {
			break
		}
	}
	return n, err
}

func notCounted(err error) Result {
	return Result{
		Outcome: Fail,
		Got:     "no count: " + err.Error(),
		Fix:     "Make --count-url or --count-command return the count at any time.",
	}
}

func resultOf(a answer) Result {
	return Result{Got: a.String(), Status: a.status, DurationMS: milliseconds(a.took)}
}

func (r *run) judgeAccepted(a answer, fix string) Result {
	result := resultOf(a)
	result.Outcome = Fail
	switch {
	case a.isAccepted():
		result.Outcome = Pass
	case isTimeout(a.err):
		result.Fix = "Answer as soon as the event is stored, and queue slow work: URLR gives up and sends again."
	case a.err != nil:
		result.Fix = "Answer every request: the connection ended before an answer."
	case a.status/100 == 3:
		result.Fix = "Answer here, or give URLR the URL that this one redirects to: clients may not repeat a POST," +
			" or repeat it without its body."
	case a.status == 404 || a.status == 405:
		result.Fix = "Accept POST at this path, or check the path in URLR and in --to."
	case a.status == 413:
		result.Fix = "Raise the body limit of this path to 64 KiB."
	case a.status/100 == 5:
		result.Fix = "Something failed in the application: see its log. " + fix
	default:
		result.Fix = fix
	}
	return result
}

func judgeRefused(a answer, fix string) Result {
	result := resultOf(a)
	result.Outcome = Fail
	switch {
	case a.err == nil && a.status/100 == 4:
		result.Outcome = Pass
	case a.err == nil && a.status/100 == 5:
		result.Fix = "Refuse with 401: a 5xx looks as if the application had failed, so anyone can raise alarms."
	case a.err == nil && a.status/100 == 3:
		result.Fix = "Refuse with 401, not with a redirect."
	case a.err != nil:
		result.Fix = "Refuse with 401: forged deliveries need an answer too."
	default:
		result.Fix = fix
	}
	return result
}

// counted adds what the application has counted.
func (result *Result) counted(c counted) {
	result.Counted, result.late = &c.clicks, c.late
	result.Got += fmt.Sprintf(", %d counted", c.clicks)
	if c.late {
		result.Got += " after the answer"
	}
}

// judgeCount judges what the application has counted.
func (r *run) judgeCount(ctx context.Context, result *Result, base, want int) {
	if r.Count == nil {
		return
	}
	c := r.count(ctx, base, want)
	result.counted(c)
	switch {
	case c.err != nil:
		*result = notCounted(c.err)
	case c.clicks < want:
		result.Outcome = Fail
		result.Fix = "The click was acknowledged but not counted, so it is lost: answer 2xx only after storing it."
	case c.clicks > want:
		result.Outcome, result.Fix = Fail, fmt.Sprintf("Count it as %d.", want)
	case c.late:
		result.Outcome = Warn
		result.Fix = "Count before answering, or make sure that queued events are on disk: otherwise a crash loses" +
			" them, and URLR does not send them again."
	}
}

// upperCase may be accepted or refused: it is the same value.
func upperCase(ctx context.Context, r *run, _ probe) (Result, error) {
	body := r.body()
	a := r.send(ctx, &delivery{body: body, signatures: []string{strings.ToUpper(core.Sign(r.Secret, body))}})
	result := judgeRefused(a, "")
	if a.isAccepted() {
		result.Outcome = Info
		result.Fix = "URLR writes lower case. Accepting upper case is harmless: whoever writes it knows the signature."
	}
	return result, a.err
}

// reencoded may be accepted or refused: this library accepts it, a receiver that verifies only the
// raw body does not.
func reencoded(ctx context.Context, r *run, _ probe) (Result, error) {
	e := r.event()
	e.City = "Créhen"
	d := r.sign(urlrtest.Body(e, urlrtest.Latest))
	d.body = urlrtest.Reencode(d.body)
	a := r.send(ctx, d)
	result := resultOf(a)
	result.Outcome = Info
	if a.isAccepted() {
		result.Fix = "It is accepted, so a gateway in front may re-encode bodies."
	} else {
		result.Fix = "It is refused: make sure that nothing between URLR and the receiver changes bodies."
	}
	return result, a.err
}

// huge sends a larger body than any event has. A receiver that refuses it may hang up while it is
// being sent, and then its answer is lost.
func huge(ctx context.Context, r *run, _ probe) (Result, error) {
	a := r.send(ctx, r.sign(padded(r.body(), overLimit)))
	result := resultOf(a)
	switch {
	case isTimeout(a.err):
		result.Outcome, result.Fix = Fail, "Answer 413 as soon as a body is over the limit."
	case a.err != nil:
		result.Outcome, result.Got = Pass, "the connection was closed"
	case a.status/100 == 4:
		result.Outcome = Pass
	case a.isAccepted():
		result.Outcome = Warn
		result.Fix = "Limit bodies to, say, 64 KiB: anyone can send large ones, and they are read before they are" +
			" verified."
	default:
		result.Outcome, result.Fix = Warn, "Answer 413 to a body that is over the limit."
	}
	return result, a.err
}
