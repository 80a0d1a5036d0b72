package core

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
)

// LogObserver returns an observer for [WithObserver] that logs each verification to l, or to
// [slog.Default] if l is nil. The level is Debug for an accepted delivery, Warn for a refused one,
// and Error for a fault of the server, such as a failing [SecretFunc].
//
// Unless the delivery was accepted, the record has these attributes, among others:
//
//   - "reason": the name of the sentinel, see [Reason]
//   - "status": the HTTP status, see [StatusCode]
//   - "error": the text of the error, including that of a SecretFunc's error, so keep secrets out
//     of that
//   - "hint": what to check
//   - "unverified_claim": with a SecretFunc, what the body claims. Anyone may have sent that; long
//     values are truncated.
//
// Otherwise no record contains a secret, a signature or the body.
func LogObserver(l *slog.Logger) func(context.Context, Observation) {
	return func(ctx context.Context, o Observation) {
		logger := l
		if logger == nil {
			logger = slog.Default() // not earlier: many programs set up routes before logging
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
			slog.String("error", o.Err.Error()),
			slog.String("hint", hint(o.Err)))
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

// claimAttr omits the fields that the claim lacks.
func claimAttr(c *Claim) slog.Attr {
	var attrs []any
	for _, s := range []struct{ name, value string }{
		{"link_id", c.LinkID},
		{"link_code", c.LinkCode},
		{"workspace_id", c.WorkspaceID},
		{"folder_id", c.FolderID},
	} {
		if s.value != "" {
			attrs = append(attrs, slog.String(s.name, truncate(s.value)))
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

// truncate keeps unverified values from filling the log. A UUID has 36 bytes.
func truncate(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
