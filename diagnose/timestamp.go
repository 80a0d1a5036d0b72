package diagnose

import (
	"crypto/hmac"
	"regexp"
	"strconv"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// timestampFormats are what other services sign: %s stands for the timestamp.
var timestampFormats = []struct {
	how            string
	before, behind string
}{
	{"<timestamp>.<body>", "", "."},
	{"<timestamp>:<body>", "", ":"},
	{"v0:<timestamp>:<body>", "v0:", ":"},
	{"<timestamp><body>", "", ""},
}

// A delivery is signed within this many seconds of the click that it is about, unless it is a retry.
const (
	secondsBefore = 2
	secondsAfter  = 120
)

// withTimestamp looks for a timestamp that was signed in front of the body: one of the signature itself, or of about the time that
// the body tells.
func (s *search) withTimestamp() *finding {
	var timestamps []string
	if found := timestampOfSignature.FindStringSubmatch(s.signature); found != nil {
		timestamps = append(timestamps, found[1])
	}
	if clicked, ok := timestampOf(s.body); ok {
		for t := clicked - secondsBefore; t <= clicked+secondsAfter; t++ {
			timestamps = append(timestamps, strconv.FormatInt(t, 10))
		}
	}
	for _, f := range timestampFormats {
		for _, t := range timestamps {
			if found := s.behind(f.before + t + f.behind); found != nil {
				found.how = f.how + " is signed instead of the body alone"
				return found
			}
		}
	}
	return nil
}

var timestampOfSignature = regexp.MustCompile(`\bt=([0-9]{10,13})\b`)

func (s *search) behind(prefix string) *finding {
	for _, v := range s.forms {
		if !s.mayHash(v.bytes) {
			return nil
		}
		mac := s.mac(concat([]byte(prefix), string(v.bytes)))
		for _, r := range s.readings {
			if hmac.Equal(mac, r.mac) {
				return &finding{cause: TimestampSigned, form: v.form, secret: s.configured}
			}
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
