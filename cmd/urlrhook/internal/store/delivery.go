package store

import (
	"net/http"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Delivery is a received request.
type Delivery struct {
	ID       int64     // set by [Store.Add]; ascending
	Received time.Time // UTC, to the microsecond
	Remote   string    // the sender's address
	Path     string    // with the query
	Header   http.Header
	Body     []byte // as received, byte for byte
	Length   int64  // of the body, as announced; if only its first bytes are kept, more than len(Body) or -1 (unknown)

	Verdict Verdict
	Problem string // why it is not authentic, in words; "" if it is
	Form    string // the form whose MAC matched: "raw", "php" or "js"; "" if none did, and it is not authentic
	Code    string // of the link; "" if it can't be read
	Label   string // of the link; "" for null, or if it can't be read
	City    string // "" for null, or if it can't be read
	Country string // "" for null, or if it can't be read

	Answer Answer // the first one, which no replay replaces; zero before it is there
}

// IsWhole reports whether the whole body is kept. A body that was too large or incomplete can't be
// verified or sent again.
func (d *Delivery) IsWhole() bool { return d.Length == int64(len(d.Body)) }

// Signature returns the x-signature header as an application gets it. Several values are joined and
// so no signature.
func (d *Delivery) Signature() string {
	return strings.Join(d.Header.Values(core.SignatureHeader), ", ")
}

// A Verdict is the result of verification.
type Verdict string

// The verdicts.
const (
	Authentic Verdict = "authentic"
	Refused   Verdict = "refused"   // see Problem; with a Form it is authentic, but no event
	Unchecked Verdict = "unchecked" // there is no secret
)

// An Answer is the answer to a delivery: the application's if it was forwarded, or else the
// listener's own.
type Answer struct {
	At       time.Time // when it came; zero: not yet
	By       string    // the URL it was forwarded to; "" for the listener itself
	Status   int       // 0: the application could not be reached, or its answer could not be read
	Header   http.Header
	Body     []byte // at most MaxAnswerBytes of it
	Error    string // why there is no status
	Duration time.Duration
}

// A Replay is a delivery sent again.
type Replay struct {
	ID       int64 // set by [Store.AddReplay]; ascending
	Delivery int64
	Edited   bool   // Body was sent instead of the delivery's, signed again
	Body     []byte // nil unless edited
	Answer   Answer
}

// MaxAnswerBytes is how much is kept of the body of an answer.
const MaxAnswerBytes = 64 << 10

// OK reports whether the answer acknowledges the delivery: a 2xx status.
func (a Answer) OK() bool { return a.Status/100 == 2 }

// IsForged reports whether a delivery was refused because it is not authentic. An authentic body
// that is no event is refused too, but has the form in which its MAC matched.
func IsForged(v Verdict, form string) bool { return v == Refused && form == "" }

// IsWronglyAccepted reports whether a forged delivery was answered with 2xx.
func IsWronglyAccepted(v Verdict, form string, status int) bool {
	return IsForged(v, form) && status/100 == 2
}
