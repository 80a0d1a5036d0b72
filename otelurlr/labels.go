package otelurlr

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/urlr-community/webhooks-go/core"
)

// Attribute names.
const (
	errorTypeKey     = attribute.Key("error.type")
	formKey          = attribute.Key("urlr.webhook.form")
	secretIndexKey   = attribute.Key("urlr.webhook.secret.index")
	eventTypeKey     = attribute.Key("urlr.webhook.event.type")
	outcomeKey       = attribute.Key("urlr.webhook.outcome")
	creditKeptKey    = attribute.Key("urlr.webhook.credit.kept")
	storeDurationKey = attribute.Key("urlr.webhook.store.duration")
)

// maxSecretIndex also stands for all higher indexes: a SecretFunc can return any number of secrets.
const maxSecretIndex = 15

// other stands for every value without a label of its own.
const other = "other"

// labels identify a series.
type labels struct {
	reason      string         // "" without an error
	form        core.Form      // 0 if none matched
	secretIndex int            // -1 if none matched
	eventType   core.EventType // "" without an event
}

// labelsOf returns one of a fixed set of labels, whatever v contains.
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

// A series holds labels in the forms that the OpenTelemetry API takes.
type series struct {
	attributes []attribute.KeyValue  // for spans
	record     []metric.RecordOption // for durations
	recordSize []metric.RecordOption // for body sizes: the reason only
}

func newSeries(l labels) series {
	set := attribute.NewSet(l.attributes()...)
	s := series{attributes: set.ToSlice(), record: []metric.RecordOption{metric.WithAttributeSet(set)}}
	if l.reason != "" {
		s.recordSize = []metric.RecordOption{metric.WithAttributes(errorTypeKey.String(l.reason))}
	}
	return s
}

// seriesOf returns the series of l. It allocates only for labels that knownSeries leaves out.
func (o *Observer) seriesOf(l labels) series {
	if s, ok := o.known[l]; ok {
		return s
	}
	return newSeries(l)
}

// knownSeries precomputes what verifications and handlers record. It leaves out authentic
// deliveries that are refused, which are rare.
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
