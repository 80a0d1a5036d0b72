package core

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// An Observation is what became of one verification. Err is what the caller got: observers see no more than that.
type Observation struct {
	Event       *Event        // nil with an Err, and from [Verifier.Authenticate]
	Err         error         // nil if accepted
	Form        Form          // the form whose MAC matched; zero if none did
	SecretIndex int           // of the secret that matched: NewVerifier's, WithSecrets', SecretFunc's, empty ones not counted; -1 if none did
	BodyBytes   int           // how much of the body was read
	Duration    time.Duration // of reading and verifying the body
	Claim       *Claim        // what the SecretFunc was asked, unverified; nil if there is none, or it was not asked
}

// WithObserver calls f once per verification, whatever its outcome, before the caller gets it: for logs and metrics. f is
// called concurrently and should be quick. Given several times, all are called, in order. A nil f is an error.
func WithObserver(f func(context.Context, Observation)) Option {
	return func(s *settings) error {
		if f == nil {
			return errors.New("urlr: WithObserver needs a function, got nil")
		}
		s.observers = append(s.observers, f)
		return nil
	}
}

// startTime returns the time if an observer wants to know how long the verification takes.
func (v *Verifier) startTime() time.Time {
	if len(v.observers) == 0 {
		return time.Time{} // reading the clock costs as much as a tenth of a verification
	}
	return time.Now()
}

func (v *Verifier) report(ctx context.Context, start time.Time, o *Observation) {
	if len(v.observers) == 0 {
		return
	}
	o.Duration = time.Since(start)
	for _, observer := range v.observers {
		observer(ctx, *o)
	}
}

// LogObserver returns an observer for [WithObserver] that writes one record per verification to l, or to [slog.Default] if
// l is nil: an accepted delivery at level Debug, a refused one at Warn, and a fault on this side, such as a failing
// [SecretFunc], at Error. A refusal has the name of its sentinel as "reason".
//
// With a SecretFunc, a refusal has what it was asked for as "unverified_claim": anybody may have sent that. Long values are
// cut.
//
// No record has a secret, a signature or the body. An "error" has the text of the SecretFunc's error, so keep that clean.
func LogObserver(l *slog.Logger) func(context.Context, Observation) {
	return func(ctx context.Context, o Observation) {
		logger := l
		if logger == nil {
			logger = slog.Default() // not before: routes are often set up before logging is
		}
		level, message := logLevel(o.Err)
		if logger.Enabled(ctx, level) {
			logger.LogAttrs(ctx, level, message, logAttrs(o)...)
		}
	}
}

func logLevel(err error) (slog.Level, string) {
	switch {
	case err == nil:
		return slog.LevelDebug, "urlr webhook accepted"
	case StatusCode(err) < http.StatusInternalServerError:
		return slog.LevelWarn, "urlr webhook refused"
	default:
		return slog.LevelError, "urlr webhook not verified"
	}
}

func logAttrs(o Observation) []slog.Attr {
	attrs := []slog.Attr{
		slog.Int("body_bytes", o.BodyBytes),
		slog.Duration("duration", o.Duration),
	}
	if o.Err != nil {
		attrs = append(attrs,
			slog.String("reason", Reason(o.Err)),
			slog.Int("status", StatusCode(o.Err)),
			slog.String("error", o.Err.Error()))
	}
	if o.Err != nil && o.Claim != nil {
		attrs = append(attrs, claimAttr(o.Claim))
	}
	if o.Form.valid() {
		attrs = append(attrs, slog.String("form", o.Form.String()), slog.Int("secret_index", o.SecretIndex))
	}
	if e := o.Event; e != nil {
		attrs = append(attrs,
			slog.String("type", string(e.Type)),
			slog.String("link_code", e.Link.Code),
			slog.String("fingerprint", e.Fingerprint()))
		if len(e.drift) > 0 {
			attrs = append(attrs, slog.Any("drift", e.drift))
		}
	}
	return attrs
}

// claimAttr leaves out what a claim does not have.
func claimAttr(c *Claim) slog.Attr {
	var attrs []any
	for _, s := range []struct{ name, value string }{
		{"link_id", c.LinkID}, {"link_code", c.LinkCode}, {"workspace_id", c.WorkspaceID}, {"folder_id", c.FolderID},
	} {
		if s.value != "" {
			attrs = append(attrs, slog.String(s.name, cut(s.value)))
		}
	}
	for _, n := range []struct {
		name  string
		value int64
	}{{"folder", c.Folder}, {"team", c.Team}} {
		if n.value != 0 {
			attrs = append(attrs, slog.Int64(n.name, n.value))
		}
	}
	return slog.Group("unverified_claim", attrs...)
}

// cut keeps what anybody can send from filling the log. A UUID has 36 bytes.
func cut(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
