package urlrtest

import (
	"math/rand/v2"
	"time"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// Faults are the probabilities, from 0 to 1, that a [Sender] injects a fault.
//
// LoseAnswer closes the connection before the response is read. A server that responds within
// microseconds may have sent everything by then, and cannot tell such a response from a delivered
// one. To see what deduplication is worth, let the handler take 20 ms, as a database does.
type Faults struct {
	LoseAnswer       float64       // per attempt: close the connection before reading the response
	DelayAnswer      float64       // per attempt: the response counts only after Delay; past the timeout it is lost
	Delay            time.Duration // for DelayAnswer
	CorruptSignature float64       // per attempt: sign with another secret
	Reencode         float64       // per delivery: re-encode the body, like the function Reencode
	Twin             float64       // per event: deliver a second, identical click
}

// A Fault is what a [Sender] injected into an attempt.
type Fault string

// The faults of an attempt.
const (
	NoFault            Fault = ""
	FaultAnswerLost    Fault = "answer lost"
	FaultAnswerDelayed Fault = "answer delayed"
	FaultSignature     Fault = "signature corrupted"
)

// ofAttempt picks at most one fault for an attempt. It always draws the same number of random
// numbers, so a fault in one attempt does not change the next.
func (f Faults) ofAttempt(random *rand.Rand) Fault {
	lost := happens(random, f.LoseAnswer)
	delayed := happens(random, f.DelayAnswer)
	corrupted := happens(random, f.CorruptSignature)
	switch {
	case corrupted:
		return FaultSignature
	case lost:
		return FaultAnswerLost
	case delayed:
		return FaultAnswerDelayed
	default:
		return NoFault
	}
}

func happens(random *rand.Rand, probability float64) bool { return random.Float64() < probability }

// Reencode returns the document as a gateway that parses and re-encodes bodies may write it: UTF-8
// instead of escapes, unescaped slashes, and a space after each colon and comma. It returns invalid
// JSON unchanged.
func Reencode(body []byte) []byte {
	reencoded, err := jsondoc.Layout{Spaces: true, Unescaped: true}.Append(nil, body, new(jsondoc.Scanner))
	if err != nil {
		return body
	}
	return reencoded
}
