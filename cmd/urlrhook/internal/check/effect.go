package check

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// effectProbes check what the application does with a delivery that it gets twice.
func effectProbes() []probe {
	return []probe{
		{name: retry, sent: "a delivery whose answer is lost, and its retry", run: retried},
		{name: twins, sent: "two identical deliveries, both answered: two clicks in the same second", run: twinned},
	}
}

// keepAlive sends a forged and an authentic delivery over one connection.
func keepAlive(ctx context.Context, r *run, p probe) (Result, error) {
	usual := r.Client.HTTPClient(r.Target)
	transport := usual.Transport.(*http.Transport).Clone()
	transport.MaxConnsPerHost = 1
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: usual.CheckRedirect}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()

	over := func(d *delivery) answer {
		start := time.Now()
		response, err := client.Do(r.request(ctx, d))
		if err != nil {
			return answer{err: err, took: time.Since(start)}
		}
		defer response.Body.Close()
		_, _ = io.Copy(io.Discard, response.Body)
		return answer{status: response.StatusCode, took: time.Since(start)}
	}
	body := r.body()
	if a := over(&delivery{body: body, signatures: []string{core.Sign("not the secret", body)}}); a.err != nil {
		return r.judgeAccepted(a, p.fix), a.err
	}
	a := over(r.sign(r.body()))
	return r.judgeAccepted(a, p.fix), a.err
}

// quick is how fast an answer may arrive before the sender hangs up: then it was not lost.
const quick = 5 * time.Millisecond

// retried loses an answer and repeats the delivery, as URLR does. It is one click.
func retried(ctx context.Context, r *run, _ probe) (Result, error) {
	base, err := r.settledBase(ctx)
	if err != nil {
		return notCounted(err), nil
	}
	d := r.sign(r.body())
	if err := r.sendAndHangUp(ctx, d); err != nil {
		return Result{
			Outcome: Fail,
			Got:     "the connection ended: " + shown(cause(err).Error()),
			Fix:     "Read the body and answer.",
		}, err
	}
	r.settle(ctx, base)
	a := r.send(ctx, d)
	result := r.judgeAccepted(
		a,
		"Acknowledge a delivery that you have processed before: otherwise URLR sends it again and again.",
	)
	if result.Outcome != Pass || r.Count == nil {
		result.Got += r.notLookedAt()
		return result, a.err
	}
	c := r.count(ctx, base, 1)
	result.counted(c)
	switch {
	case c.err != nil:
		return notCounted(c.err), nil //nolint:nilerr // it is the result
	case c.clicks == 1:
	case c.clicks > 1 && a.took < quick:
		result.Outcome = Warn
		result.Fix = "It was counted twice, but the receiver is so fast that its first answer may have arrived." +
			" Try again with a handler that takes a few milliseconds."
	case c.clicks > 1:
		result.Outcome = Fail
		result.Fix = "Count a delivery once if its answer was lost: URLR sends it again. This library's package" +
			" dedupe explains how."
	default:
		result.Outcome, result.Fix = Fail, "The click was acknowledged but not counted: it is lost."
	}
	return result, nil
}

// settle waits until a delivery without an answer has been processed.
func (r *run) settle(ctx context.Context, base int) {
	if r.Count == nil {
		pause(ctx, settling)
		return
	}
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline) && ctx.Err() == nil; pause(ctx, between) {
		if n, err := r.Count(ctx); err != nil || n > base {
			break
		}
	}
	pause(ctx, between)
}

// twinned sends the same delivery twice. Both were acknowledged, so they are two clicks.
func twinned(ctx context.Context, r *run, _ probe) (Result, error) {
	base, err := r.settledBase(ctx)
	if err != nil {
		return notCounted(err), nil
	}
	d := r.sign(r.body())
	var result Result
	for range 2 {
		a := r.send(ctx, d)
		result = r.judgeAccepted(
			a,
			"Accept the second click like the first: clicks have no ID, and two in the same second can be identical.",
		)
		if result.Outcome != Pass {
			return result, a.err
		}
	}
	if r.Count == nil {
		result.Got += r.notLookedAt()
		return result, nil
	}
	c := r.count(ctx, base, 2)
	result.counted(c)
	switch {
	case c.err != nil:
		return notCounted(c.err), nil //nolint:nilerr // it is the result
	case c.clicks < 2:
		result.Outcome = Fail
		result.Fix = "Count both: URLR repeats a delivery only if it got no 2xx. Remembering signatures or bodies" +
			" drops clicks. This library's package dedupe explains how to do better."
	case c.clicks > 2:
		result.Outcome, result.Fix = Fail, "Count each delivery once."
	}
	return result, nil
}

func (r *run) notLookedAt() string {
	if r.Count != nil {
		return ""
	}
	return ", count not checked"
}
