package otelurlr

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/urlr-community/webhooks-go/core"
)

// The names of the attributes.
const (
	errorTypeKey     = attribute.Key("error.type")
	formKey          = attribute.Key("urlr.webhook.form")
	secretIndexKey   = attribute.Key("urlr.webhook.secret.index")
	eventTypeKey     = attribute.Key("urlr.webhook.event.type")
	outcomeKey       = attribute.Key("urlr.webhook.outcome")
	creditKeptKey    = attribute.Key("urlr.webhook.credit.kept")
	storeDurationKey = attribute.Key("urlr.webhook.store.duration")
)

// maxSecretIndex stands for all indexes from it on: a SecretFunc may return any number of secrets.
const maxSecretIndex = 15

// other stands for what has no label of its own.
const other = "other"

// labels are the values of a measurement's attributes.
type labels struct {
	reason      string         // "": no error
	form        core.Form      // 0: no signature matched
	secretIndex int            // -1: the same
	eventType   core.EventType // "": no event
}

// labelsOf returns labels of which there is a fixed number, whatever the observation is.
func labelsOf(v *core.Observation) labels {
	l := labels{reason: core.Reason(v.Err), secretIndex: -1, eventType: typeOf(v.Event)}
	if core.FormRaw <= v.Form && v.Form <= core.FormJS {
		l.form = v.Form
		l.secretIndex = max(-1, min(v.SecretIndex, maxSecretIndex))
	}
	return l
}

func typeOf(e *core.Event) core.EventType {
	switch {
	case e == nil:
		return ""
	case e.Type == core.EventLinkClicked:
		return core.EventLinkClicked
	default:
		return other
	}
}

func (l labels) attributes() []attribute.KeyValue {
	var attributes []attribute.KeyValue
	if l.reason != "" {
		attributes = append(attributes, errorTypeKey.String(l.reason))
	}
	if l.form != 0 {
		attributes = append(attributes, formKey.String(l.form.String()))
	}
	if l.secretIndex >= 0 {
		attributes = append(attributes, secretIndexKey.Int(l.secretIndex))
	}
	if l.eventType != "" {
		attributes = append(attributes, eventTypeKey.String(string(l.eventType)))
	}
	return attributes
}

// A series is labels as OpenTelemetry takes them.
type series struct {
	attributes []attribute.KeyValue  // of a span
	record     []metric.RecordOption // of a duration
	recordSize []metric.RecordOption // of a size: the reason alone
}

func newSeries(l labels) series {
	set := attribute.NewSet(l.attributes()...)
	s := series{attributes: set.ToSlice(), record: []metric.RecordOption{metric.WithAttributeSet(set)}}
	if l.reason != "" {
		s.recordSize = []metric.RecordOption{metric.WithAttributes(errorTypeKey.String(l.reason))}
	}
	return s
}

// seriesOf returns the series of labels. It makes only that of unusual ones anew, which takes about a
// microsecond.
func (o *Observer) seriesOf(l labels) series {
	if s, ok := o.known[l]; ok {
		return s
	}
	return newSeries(l)
}

// knownSeries returns the series of all accepted deliveries, of all refused ones whose signature did
// not match, and of all handlers.
func knownSeries() map[labels]series {
	known := map[labels]series{}
	add := func(l labels) { known[l] = newSeries(l) }
	types := []core.EventType{"", core.EventLinkClicked, other}
	for _, eventType := range types {
		for form := core.FormRaw; form <= core.FormJS; form++ {
			for index := -1; index <= maxSecretIndex; index++ {
				add(labels{"", form, index, eventType})
			}
		}
		for _, reason := range reasons() {
			add(labels{reason, 0, -1, eventType})
		}
	}
	return known
}

func reasons() []string {
	reasons := []string{"", core.Reason(errUnforeseen), panicked}
	for _, err := range []error{
		core.ErrNoSignature, core.ErrMalformedSignature, core.ErrSignatureMismatch, core.ErrExpired,
		core.ErrBodyTooLarge, core.ErrBodyUnreadable, core.ErrMalformedEvent,
		core.ErrSecretUnavailable, core.ErrNotVerified, core.ErrUnavailable,
	} {
		reasons = append(reasons, core.Reason(err))
	}
	return reasons
}
