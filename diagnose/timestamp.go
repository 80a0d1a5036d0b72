package diagnose

import (
	"crypto/hmac"
	"regexp"
	"slices"
	"strconv"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// timestampFormats lists what other services sign before the body, and for how many seconds after a
// click it is tried. Most services use the first one.
var timestampFormats = []struct {
	how            string
	before, behind string
	secondsAfter   int64
}{
	{"<timestamp>.<body>", "", ".", 120},
	{"<timestamp>:<body>", "", ":", 2},
	{"v0:<timestamp>:<body>", "v0:", ":", 2},
	{"<timestamp><body>", "", "", 2},
}

// secondsBefore allows for a clock that is slow.
const secondsBefore = 2

// maxTimedBytes is the largest body for which the time of the signature is guessed. URLR's are
// shorter than 1,000 bytes.
const maxTimedBytes = 8 << 10

// withTimestamp tries a timestamp signed in front of the body: one in the signature itself, or one
// close to the time in the body.
func (s *search) withTimestamp() *finding {
	found := timestampOfSignature.FindStringSubmatch(s.signature)
	clicked, hasTime := timestampOf(s.body)
	for _, f := range timestampFormats {
		var timestamps []string
		if found != nil {
			timestamps = append(timestamps, found[1])
		}
		for t := clicked - secondsBefore; hasTime && len(s.body) <= maxTimedBytes && t <= clicked+f.secondsAfter; t++ {
			timestamps = append(timestamps, strconv.FormatInt(t, 10))
		}
		for _, t := range timestamps {
			if v := s.matchBehind(f.before + t + f.behind); v != nil {
				return &finding{
					cause:  TimestampSigned,
					how:    f.how + " is signed instead of the body alone",
					form:   v.form,
					secret: s.configured,
				}
			}
		}
	}
	return nil
}

var timestampOfSignature = regexp.MustCompile(`\bt=([0-9]{10,13})\b`)

// matchBehind returns the form of the body that was signed after a prefix, or nil.
func (s *search) matchBehind(prefix string) *variant {
	for i, v := range s.forms {
		if !s.mayHash(v.bytes) {
			return nil
		}
		mac := s.mac([]byte(prefix), v.bytes)
		if slices.ContainsFunc(s.readings, func(r reading) bool { return hmac.Equal(mac, r.mac) }) {
			return &s.forms[i]
		}
	}
	return nil
}

// timestampOf returns the timestamp of an event.
func timestampOf(body []byte) (seconds int64, ok bool) {
	document := parse(body)
	if document == nil {
		return 0, false
	}
	t := document.member("timestamp")
	if t == nil || t.kind != jsondoc.Number {
		return 0, false
	}
	seconds, err := strconv.ParseInt(string(t.text), 10, 64)
	return seconds, err == nil && seconds > 0
}
