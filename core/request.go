package core

import "net/http"

// VerifyRequest verifies the delivery in r and returns its event. It reads the body, at most one
// byte beyond the limit of [WithMaxBodyBytes], and restores it: later handlers can read it again,
// whatever the outcome. URLR signs the body as sent, so VerifyRequest ignores Content-Type and
// Content-Encoding.
//
// The errors are those of [Verifier.Verify], and [ErrBodyUnreadable]. A request without a
// well-formed signature, or with a declared length over the limit, is refused before its body is
// read. Before it responds, net/http waits for up to 256 KiB of an unread body, unless the response
// closes the connection. The adapters therefore set "Connection: close" on such a refusal.
func (v *Verifier) VerifyRequest(r *http.Request) (*Event, error) {
	start := v.startTime()
	o := Observation{SecretIndex: -1}
	o.Event, o.Err = v.verifyRequest(r, &o)
	v.report(r.Context(), start, &o)
	return o.Event, o.Err
}

func (v *Verifier) verifyRequest(r *http.Request, o *Observation) (*Event, error) {
	if v.keyrings.New == nil {
		return nil, errZeroVerifier // rather than ErrBodyTooLarge, since its limit is 0
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
