package diagnose

// A Suspicion is what a body is evidence of if no cause was found. Its value is stable, so scripts
// can rely on it.
type Suspicion string

const (
	// SuspectSecret means that the body is written as URLR writes it: the secret is wrong, or the
	// delivery is forged.
	SuspectSecret Suspicion = "secret"
	// SuspectReencoded means that the body is an event, but not written as URLR writes it.
	SuspectReencoded Suspicion = "re-encoded"
	// SuspectContentChanged means that the content of the body is not what URLR sends: something
	// was lost, added or given another type.
	SuspectContentChanged Suspicion = "content-changed"
	// SuspectNotJSON means that the body is not JSON: it is truncated, in another format, or not
	// text at all.
	SuspectNotJSON Suspicion = "not-json"
)

// suspect fills the report if no cause was found.
func (r *Report) suspect(body []byte) {
	suspicion, evidence := evidenceOf(body)
	r.blame(Unknown, "Nothing that was tried makes the signature match. "+evidence)
	r.Suspicion = suspicion
	r.Why, r.Fix = suspicions[suspicion].why, suspicions[suspicion].fix
}

// evidenceOf returns what a body is evidence of, and why in sentences.
func evidenceOf(body []byte) (Suspicion, string) {
	if !isJSON(body) {
		return SuspectNotJSON, whereItBreaks(body)
	}
	document := parse(body)
	if document == nil {
		return SuspectContentChanged, "The body is JSON, but nested more deeply or much larger than an event."
	}
	suspicion, evidence := grade(body, document)
	if undocumented := undocumentedIn(document); len(undocumented) > 0 {
		evidence += " It has " + inWords(firstOf(undocumented)) + ", which no documented event has."
	}
	return suspicion, evidence
}

// grade compares a document with what URLR writes. Different content weighs more than a different
// encoding.
func grade(body []byte, document *value) (Suspicion, string) {
	if lost := losses(document); len(lost) > 0 {
		return SuspectContentChanged, "The content of the body has changed: " + inWords(lost) + "."
	}
	if rewritten := traces(body, document); len(rewritten) > 0 {
		return SuspectReencoded, "The body is not written the way URLR's PHP writes it: " + inWords(rewritten) + "."
	}
	return SuspectSecret, "The body is byte for byte what URLR's PHP writes, with its keys in URLR's order."
}
