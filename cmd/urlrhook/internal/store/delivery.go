package store

import (
	"net/http"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Delivery is a request that was received.
type Delivery struct {
	ID       int64     // set by [Store.Add]; growing
	Received time.Time // UTC, to the microsecond
	Remote   string    // the sender's address
	Path     string    // with the query
	Header   http.Header
	Body     []byte // as received, byte for byte
	Length   int64  // of the body, as announced; more than len(Body), or -1 for unknown, if only its first bytes are kept

	Verdict Verdict
	Problem string // why it is not authentic, in words; "" if it is
	Form    string // the form whose MAC matched: "raw", "php" or "js"; "" if none did, and it is not authentic
	Code    string // of the link, if it can be read
	Label   string // of the link; "" for null, or if it can't be read
	City    string // "" for null, or if it can't be read
	Country string // "" for null, or if it can't be read

	Answer Answer // the first one, which no replay replaces; zero while there is none
}

// IsWhole reports whether all of the body is kept. A body that was over the limit, or broke off,
// can't be verified or sent again.
func (d *Delivery) IsWhole() bool { return d.Length == int64(len(d.Body)) }

// Signature returns the x-signature header as an application gets it. Several values are no signature.
func (d *Delivery) Signature() string {
	return strings.Join(d.Header.Values(core.SignatureHeader), ", ")
}

// A Verdict is what verification found.
type Verdict string

// The verdicts.
const (
	Authentic Verdict = "authentic"
	Refused   Verdict = "refused"   // see Problem; it is authentic, but no event, if it has a Form
	Unchecked Verdict = "unchecked" // there is no secret
)

// An Answer is what became of a delivery: the application's answer if it was forwarded, else the
// listener's own.
type Answer struct {
	At       time.Time // when it came; zero: there is none yet
	By       string    // the URL it was forwarded to; "" for the listener itself
	Status   int       // 0: the application could not be reached, or its answer not be read
	Header   http.Header
	Body     []byte // the first MaxAnswerBytes of it
	Error    string // why there is no status
	Duration time.Duration
}

// A Replay is a delivery that was sent again.
type Replay struct {
	ID       int64 // set by [Store.AddReplay]; growing
	Delivery int64
	Edited   bool   // Body was sent, signed again, in place of the delivery's
	Body     []byte // nil unless edited
	Answer   Answer
}

// MaxAnswerBytes is how much of an application's answer is kept.
const MaxAnswerBytes = 64 << 10

// OK reports whether the answer is an acknowledgement: a 2xx status.
func (a Answer) OK() bool { return a.Status/100 == 2 }

// IsForged reports whether a delivery was refused because it is not authentic. One that is, and no
// event, is refused too: its MAC matched in a form.
func IsForged(v Verdict, form string) bool { return v == Refused && form == "" }

// IsWronglyAccepted reports whether a status answers a delivery that is not authentic as if nothing was
// wrong with it.
func IsWronglyAccepted(v Verdict, form string, status int) bool {
	return IsForged(v, form) && status/100 == 2
}
