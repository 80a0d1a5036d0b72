package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A probe is a check to run.
type probe struct {
	name, sent string
	fix        string // what to change if the answer is wrong
	run        func(context.Context, *run, probe) (Result, error)
}

const (
	atLimit   = core.DefaultMaxBodyBytes // this library's limit, which every receiver should accept
	overLimit = 1 << 20                  // far more than any event
)

// Names of checks that conclude uses.
const (
	latest       = "authentic-" + string(urlrtest.Latest)
	accents      = "accents"
	unsigned     = "unsigned"
	forged       = "forged"
	otherBody    = "other-body"
	unknownEvent = "unknown-event"
	retry        = "retry"
	twins        = "twins"
)

const (
	fixAuthentic = "Compute HMAC-SHA256 of the raw body, byte for byte as received, with the secret key of the" +
		" folder, as lower-case hex, and compare it with x-signature. Read the body before anything parses it."
	fixRefuse = "Answer 401 and ignore the event unless x-signature is the HMAC-SHA256 of the raw body. Compare in" +
		" constant time."
)

// probes returns the checks in order. The first one shows whether anything answers.
func (r *run) probes() []probe {
	var all []probe
	for i := range urlrtest.Generations() {
		g := urlrtest.Generations()[len(urlrtest.Generations())-1-i]
		all = append(
			all,
			accepts("authentic-"+string(g), "a signed delivery, as URLR has sent them since "+string(g), fixAuthentic,
				func(r *run) *delivery { return r.sign(urlrtest.Body(r.event(), g)) }),
		)
	}
	return append(append(all, acceptedProbes()...), append(refusedProbes(), effectProbes()...)...)
}

// acceptedProbes send authentic deliveries that some receivers stumble over.
func acceptedProbes() []probe {
	return []probe{
		accepts(
			accents,
			"a signed delivery with accents, emoji and Japanese",
			"Verify the raw body: most encoders write é and / differently from PHP's, so a re-encoded body has"+
				" another signature.",
			func(r *run) *delivery {
				e := r.event()
				e.Link.Label, e.City, e.Region = "Été 🎉 a/b", "Créhen", "東京"
				return r.sign(urlrtest.Body(e, urlrtest.Latest))
			},
		),
		accepts(unknownEvent, "a signed delivery with an undocumented event type",
			"Answer 2xx to unknown events and ignore them: otherwise URLR sends them again and again.",
			func(r *run) *delivery {
				body := bytes.Replace(r.body(), []byte(`"link_clicked"`), []byte(`"link_created"`), 1)
				return r.sign(body)
			}).uncounted(),
		accepts(
			"unknown-fields",
			"a signed delivery with undocumented fields",
			"Ignore unknown fields: URLR has added some before.",
			func(r *run) *delivery {
				return r.sign(withField(r.body(), `"new":{"a":[1,2.5,null]},"other":true`))
			},
		),
		accepts("nulls", `a signed delivery with null fields, and the string "null" as country`,
			"Treat null, and \"null\" as country, as unknown: a visitor's place, system and referer often are.",
			func(r *run) *delivery {
				e := r.event()
				e.Country, e.Region, e.City, e.System, e.Browser, e.Referer = "", "", "", "", "", ""
				body := urlrtest.Body(e, urlrtest.Latest)
				return r.sign(bytes.Replace(body, []byte(`"country":null`), []byte(`"country":"null"`), 1))
			}),
		accepts(
			"chunked",
			"a signed delivery without Content-Length (chunked)",
			"Read the whole body, with or without Content-Length.",
			func(r *run) *delivery { d := r.sign(r.body()); d.chunked = true; return d },
		),
		accepts(
			"slow-sender",
			fmt.Sprintf("a signed delivery whose body takes %v", slowFor),
			"Wait a few seconds for a body: connections can be slow.",
			func(r *run) *delivery { d := r.sign(r.body()); d.slow = true; return d },
		),
		accepts("large-body", fmt.Sprintf("a signed delivery of %d bytes", atLimit), "Accept bodies of up to 64 KiB.",
			func(r *run) *delivery { return r.sign(padded(r.body(), atLimit)) }).warns(),
		{name: "huge-body", sent: fmt.Sprintf("a signed delivery of %d bytes", overLimit), run: huge},
		{
			name: "re-encoded",
			sent: "a signed delivery that a gateway has re-encoded, with é in place of \\u00e9",
			run:  reencoded,
		},
	}
}

// refusedProbes send what forgers would.
func refusedProbes() []probe {
	signedWith := func(change func(r *run, body []byte) []string) func(*run) *delivery {
		return func(r *run) *delivery { body := r.body(); return &delivery{body: body, signatures: change(r, body)} }
	}
	return []probe{
		refuses(unsigned, "a delivery without x-signature", "Refuse a delivery without x-signature. "+fixRefuse,
			signedWith(func(*run, []byte) []string { return nil })),
		refuses(forged, "a delivery signed with another secret", fixRefuse,
			signedWith(func(_ *run, body []byte) []string { return []string{core.Sign("not the secret", body)} })),
		refuses(
			otherBody,
			"a delivery with the signature of another, accepted one",
			"A signature is valid for its body only. "+fixRefuse,
			func(r *run) *delivery {
				signature := core.Sign(r.Secret, []byte("another body"))
				if r.accepted != nil {
					signature = r.accepted.signatures[0]
				}
				return &delivery{body: r.body(), signatures: []string{signature}}
			},
		),
		refuses(
			"empty-key",
			"a delivery signed with an empty secret",
			"Refuse to start without a secret: anyone can sign with an empty one.",
			signedWith(func(_ *run, body []byte) []string { return []string{core.Sign("", body)} }),
		),
		refuses("empty-signature", "a delivery with an empty x-signature", fixRefuse,
			signedWith(func(*run, []byte) []string { return []string{""} })),
		refuses(
			"two-signatures",
			"a delivery with two x-signature headers, one of them correct",
			"Refuse a delivery with more than one x-signature: whoever adds a header in transit must not decide"+
				" which one counts.",
			signedWith(func(r *run, body []byte) []string {
				return []string{core.Sign("not the secret", body), core.Sign(r.Secret, body)}
			}),
		),
		refuses(
			"prefixed",
			"a delivery with the prefix sha256= in x-signature",
			"URLR writes no prefix: compare the whole of x-signature.",
			signedWith(func(r *run, body []byte) []string { return []string{"sha256=" + core.Sign(r.Secret, body)} }),
		),
		{name: "upper-case", sent: "a delivery with x-signature in upper case", run: upperCase},
		{name: "keep-alive", sent: "a forged and a signed delivery over one connection", run: keepAlive,
			fix: "Read the rest of a refused body, or close the connection: the next delivery comes over the" +
				" same one."},
	}
}

// event returns a click that was not sent before, in this run or another: a receiver may remember
// bodies. Accents have a check of their own.
func (r *run) event() *core.Event {
	e := urlrtest.NewEvent()
	r.clicks++
	e.Region, e.City, e.Link.Label = "Bretagne", "Paris", fmt.Sprintf("urlrhook check %s, click %d", r.id, r.clicks)
	e.Timestamp = time.Now().Truncate(time.Second)
	if r.Code != "" {
		e.Link.Code = r.Code
	}
	if r.Folder != "" {
		e.Link.FolderID = r.Folder
	}
	return e
}

func (r *run) body() []byte { return urlrtest.Body(r.event(), urlrtest.Latest) }

func (r *run) sign(body []byte) *delivery {
	return &delivery{body: body, signatures: []string{core.Sign(r.Secret, body)}}
}

// withField adds members to a JSON object.
func withField(object []byte, members string) []byte {
	return append(bytes.TrimSuffix(bytes.Clone(object), []byte("}")), ","+members+"}"...)
}

// padded extends a JSON object to a length.
func padded(object []byte, length int) []byte {
	const around = len(`,"padding":""`)
	text, _ := json.Marshal(strings.Repeat("x", length-len(object)-around)) // a string
	return withField(object, `"padding":`+string(text))
}
