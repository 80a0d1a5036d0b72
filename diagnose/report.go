package diagnose

import (
	"fmt"
	"strings"
)

// A Report is the result of [Explain]. Print it, or encode it as JSON. It contains no secret and no
// computed MAC.
type Report struct {
	// Authentic is the verdict: a [core.Verifier] with the first secret that is not blank accepts
	// the signature for the body.
	Authentic bool `json:"authentic"`
	// Refusal is the error with which that verifier refuses the delivery with its default options,
	// or "". An authentic body is refused if it is too large or not an event.
	Refusal string `json:"refusal,omitempty"`
	// Form is the form of the body that the signature matches once the cause is undone: "raw",
	// "php" or "js", or "" if there is none.
	Form string `json:"form,omitempty"`
	// SecretIndex is the index of the secret that matches once the cause is undone, or -1 if none
	// does or none is involved.
	SecretIndex int `json:"secret_index"`

	// Cause is why the delivery is refused, or None if it is authentic and an event.
	Cause Cause `json:"cause,omitempty"`
	// Suspicion is what the body is evidence of if the cause is Unknown, and "" otherwise.
	Suspicion Suspicion `json:"suspicion,omitempty"`

	Found string `json:"found,omitempty"` // what was found
	Why   string `json:"why,omitempty"`   // why it happens
	Fix   string `json:"fix,omitempty"`   // what to change

	BodyBytes int      `json:"body_bytes"`
	ValidJSON bool     `json:"valid_json"`      // one JSON value in valid UTF-8, without duplicate names
	Facts     []string `json:"facts,omitempty"` // what else is worth knowing, in sentences

	// KeysReceived and KeysSigned are the names of all members, such as "link" and "link.code", in
	// the order received and the order signed. They are nil unless the order or the members differ.
	// If they are set, show them instead of the bytes of Signed: once keys have moved, nearly every
	// byte differs.
	KeysReceived []string `json:"keys_received,omitempty"`
	KeysSigned   []string `json:"keys_signed,omitempty"`

	// Signed contains the bytes whose MAC is the signature, if they differ from the body given: for
	// a cause in the body, and for an authentic body in another form. It shows where the body was
	// changed. Otherwise it is nil.
	Signed []byte `json:"-"`
}

// String returns the report as several lines of plain text.
func (r Report) String() string {
	var b strings.Builder
	b.WriteString(r.verdict())
	for _, part := range []struct{ title, text string }{{"Found", r.Found}, {"Why", r.Why}, {"Fix", r.Fix}} {
		if part.text != "" {
			fmt.Fprintf(&b, "%-6s %s\n", part.title+":", part.text)
		}
	}
	if r.KeysSigned != nil {
		fmt.Fprintf(&b, "Keys received: %s\nKeys signed:   %s\n", printable(r.KeysReceived), printable(r.KeysSigned))
	}
	fmt.Fprintf(&b, "Body:  %s\n", r.describeBody())
	for _, fact := range r.Facts {
		fmt.Fprintf(&b, "Note:  %s\n", fact)
	}
	return b.String()
}

func (r Report) verdict() string {
	var b strings.Builder
	switch {
	case r.Authentic:
		fmt.Fprintf(&b, "The signature matches the body (form %s, secret %d).\n", r.Form, r.SecretIndex+1)
	case r.Cause == NoSecret:
		b.WriteString("Without a secret, the signature can't be checked.\n")
	default:
		b.WriteString("The signature does not match the body.\n")
	}
	if r.Authentic && r.Refusal != "" {
		fmt.Fprintf(&b, "But a verifier refuses it: %s\n", r.Refusal)
	}
	if r.Cause != None {
		fmt.Fprintf(&b, "Cause: %s\n", r.Cause)
	}
	if r.Suspicion != "" {
		fmt.Fprintf(&b, "Suspicion: %s\n", r.Suspicion)
	}
	return b.String()
}

func (r Report) describeBody() string {
	if r.ValidJSON {
		return fmt.Sprintf("%d bytes of valid JSON", r.BodyBytes)
	}
	return fmt.Sprintf("%d bytes, not valid JSON", r.BodyBytes)
}

// blame sets the cause and its texts.
func (r *Report) blame(c Cause, found string) {
	r.Cause, r.Found, r.Why, r.Fix = c, found, texts[c].why, texts[c].fix
}
