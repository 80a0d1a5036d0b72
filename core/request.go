package core

import "net/http"

// VerifyRequest verifies the delivery that r carries and returns its event. It reads the body, at
// most one byte beyond the limit of [WithMaxBodyBytes], and puts it back: later handlers can read
// it again, whatever the outcome. The signature is over the body as sent, so neither Content-Type
// nor Content-Encoding changes anything.
//
// The errors are those of [Verifier.Verify] and [ErrBodyUnreadable]. A request without a
// well-formed signature, or with a declared length over the limit, is refused before its body is
// read. net/http waits for up to 256 KiB of an unread body before it answers, unless the answer
// closes the connection: the adapters set "Connection: close" on such a refusal.
func (v *Verifier) VerifyRequest(r *http.Request) (*Event, error) {
	start := v.startTime()
	o := Observation{SecretIndex: -1}
	o.Event, o.Err = v.verifyRequest(r, &o)
	v.report(r.Context(), start, &o)
	return o.Event, o.Err
}

func (v *Verifier) verifyRequest(r *http.Request, o *Observation) (*Event, error) {
	if v.keyrings.New == nil {
		return nil, errZeroVerifier // before its limit of 0 bytes makes every body too large
	}
	signature, err := soleSignature(r.Header.Values(SignatureHeader))
	if err != nil {
		return nil, err
	}
	want, err := parseSignature(signature)
	if err != nil {
		return nil, err
	}
	body, err := takeBody(r, v.maxBodyBytes)
	o.BodyBytes = len(body)
	if err != nil {
		return nil, err
	}
	return v.verify(r.Context(), body, want, o)
}
