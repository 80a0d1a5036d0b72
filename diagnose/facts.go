package diagnose

import (
	"fmt"

	"github.com/urlr-community/webhooks-go/core"
)

func (r *Report) note(format string, args ...any) {
	r.Facts = append(r.Facts, fmt.Sprintf(format, args...))
}

// addFacts adds facts that are worth knowing whatever the cause.
func (r *Report) addFacts(body []byte, secrets []string) {
	for i, secret := range secrets {
		if !isUsable(secret) {
			r.note("Secret %d is empty and was not tried.", i+1)
		}
	}
	if r.Authentic && r.Form != core.FormRaw.String() {
		r.note(
			"The body was re-encoded on its way: not the bytes received were signed, but their %s form. "+
				"This library accepts that.",
			r.Form,
		)
	}
	switch {
	case len(body) == 0 && r.Cause != EmptyBody:
		r.note("The body is empty. If the request had one, something has already read it before it got here.")
	case len(body) > core.DefaultMaxBodyBytes:
		r.note(
			"The body is over %d bytes, which a receiver refuses by default. URLR's bodies have less than a thousand.",
			core.DefaultMaxBodyBytes,
		)
	case r.Cause != DocumentationSample && !r.ValidJSON && isSample(body):
		r.note(
			"The body is JSON but for trailing commas or single quotes, as in the sample of URLR's documentation. " +
				"Real bodies have neither.",
		)
	}
}
