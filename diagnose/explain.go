package diagnose

import (
	"context"
	"crypto/fips140"
	"slices"
	"strings"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// MaxBodyBytes is the largest body for which [Explain] looks for causes. For a larger one it
// returns only the verdict and the suspicion.
const MaxBodyBytes = 1 << 20

// Explain reports whether signature, the value of the x-signature header, matches body, and if not,
// which single cause makes the difference or what to suspect. The first secret is the configured
// one. The others are secrets that the signer may have used instead, such as an old one or that of
// another folder. Blank secrets are ignored.
//
// The report is for people at a terminal. Never send it in a response.
func Explain(body []byte, signature string, secrets ...string) (r Report) {
	// It also tries algorithms and keys that GODEBUG=fips140=only forbids, only to recognize them.
	fips140.WithoutEnforcement(func() { r = explain(body, signature, secrets) })
	return r
}

func explain(body []byte, signature string, secrets []string) Report {
	r := Report{SecretIndex: -1, BodyBytes: len(body), ValidJSON: isJSON(body)}
	configured := slices.IndexFunc(secrets, isUsable)
	switch {
	case configured < 0:
		r.blame(NoSecret, "No secret was given, or only empty ones.")
	case strings.TrimSpace(signature) == "":
		r.Refusal = core.ErrNoSignature.Error()
		r.blame(NoSignature, "There is no signature.")
	default:
		r.verify(body, signature, secrets[configured])
		if r.Authentic {
			r.SecretIndex = configured
			r.checkEvent(body)
		} else {
			r.search(newSearch(body, signature, secrets, configured))
		}
	}
	r.addFacts(body, secrets)
	return r
}

// isUsable reports whether a verifier would accept the secret.
func isUsable(secret string) bool { return !hmackey.IsBlank(secret) }

// verify asks core, so that the verdicts always agree.
func (r *Report) verify(body []byte, signature, secret string) {
	if _, err := core.MustVerifier(secret).Verify(context.Background(), body, signature); err != nil {
		r.Refusal = err.Error()
	}
	unlimited := core.MustVerifier(secret, core.WithMaxBodyBytes(int64(len(body))+1))
	authentic, form, err := unlimited.Authenticate(context.Background(), body, signature)
	if err != nil {
		return
	}
	r.Authentic, r.Form = true, form.String()
	if form != core.FormRaw {
		r.Signed = authentic
	}
}

// checkEvent blames the sample in URLR's documentation, which can be signed but is not an event.
func (r *Report) checkEvent(body []byte) {
	if !r.ValidJSON && isSample(body) {
		r.blame(
			DocumentationSample,
			"The signature matches, but the body is not JSON. Without trailing commas and single quotes it is.",
		)
	}
}

func (r *Report) search(s *search) {
	f := s.find()
	switch {
	case f != nil:
		r.Form, r.SecretIndex, r.Signed = f.form.String(), f.secret, f.signed
		r.blame(f.cause, "The signature matches if "+f.how+".")
		r.compareKeys(s.body)
	case s.want == nil:
		r.blame(
			MalformedSignature,
			"The signature is not 64 hexadecimal digits, and no way to read it makes it match.",
		)
	case len(s.body) == 0:
		r.blame(EmptyBody, "The body is empty, but the signature is not that of an empty body.")
	default:
		r.suspect(s.body)
	}
	if s.exhausted || f == nil && r.ValidJSON && parse(s.body) == nil {
		r.note("The body is so large or so deeply nested, or the secrets are so many, that not every cause was tried.")
	}
}
