package diagnose

// A Suspicion is what a body is evidence of, where no cause was found. Its value is stable, for scripts.
type Suspicion string

const (
	// SuspectSecret means that the body is as URLR writes it: the secret is another one, or the delivery is forged.
	SuspectSecret Suspicion = "secret"
	// SuspectReencoded means that the body is an event, but written as URLR does not write it.
	SuspectReencoded Suspicion = "re-encoded"
	// SuspectContentChanged means that the body does not say what URLR's do: something is lost, added or of another type.
	SuspectContentChanged Suspicion = "content-changed"
	// SuspectNotJSON means that the body is no JSON: cut off, in another format, or no text at all.
	SuspectNotJSON Suspicion = "not-json"
)

// suspect grades what no cause was found for.
func (r *Report) suspect(body []byte) {
	suspicion, evidence := evidenceOf(body)
	r.blame(Unknown, "Nothing that was tried makes the signature match. "+evidence)
	r.Suspicion = suspicion
	r.Why, r.Fix = suspicions[suspicion].why, suspicions[suspicion].fix
}

// evidenceOf returns what a body is evidence of, and sentences that say why.
func evidenceOf(body []byte) (Suspicion, string) {
	if !isJSON(body) {
		return SuspectNotJSON, whereItBreaks(body)
	}
	document := parse(body)
	if document == nil {
		return SuspectContentChanged, "The body is JSON, but it is nested more deeply, or has many more values, than an event of URLR."
	}
	rewritten := traces(body, document)
	if lost := losses(document, len(rewritten) == 0); len(lost) > 0 {
		return SuspectContentChanged, "The body does not say what URLR's say: " + inWords(lost) + "."
	}
	if len(rewritten) > 0 {
		return SuspectReencoded, "The body is not written as URLR's PHP writes it: " + inWords(rewritten) + "."
	}
	return SuspectSecret, "The body is byte for byte what PHP writes, with its keys in the order of URLR."
}
