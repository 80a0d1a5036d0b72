package urlrtest

import (
	"math/rand/v2"
	"time"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// Faults are the probabilities, from 0 to 1, with which a [Sender] makes something go wrong.
//
// With LoseAnswer, a server that answers within microseconds may have done so before the connection
// is closed: nobody can tell such an answer from a delivered one. Let the handler take 20 ms, as a
// database does, to see what de-duplication is worth.
type Faults struct {
	LoseAnswer       float64       // of an attempt: the connection is closed before the answer is read
	DelayAnswer      float64       // of an attempt: the answer counts only after Delay; beyond the time-out it is lost
	Delay            time.Duration // see DelayAnswer
	CorruptSignature float64       // of an attempt: the signature is another one
	Reencode         float64       // of a delivery: a gateway re-encodes the body, as the function Reencode does
	Twin             float64       // of an event: there was a second click, whose delivery is identical
}

// A Fault is what a [Sender] made go wrong in an attempt.
type Fault string

// The faults of an attempt.
const (
	NoFault            Fault = ""
	FaultAnswerLost    Fault = "answer lost"
	FaultAnswerDelayed Fault = "answer delayed"
	FaultSignature     Fault = "signature corrupted"
)

// ofAttempt draws the fault of an attempt: at most one. It always draws the same number of random
// numbers, so that a fault in one attempt does not change the next.
func (f Faults) ofAttempt(random *rand.Rand) Fault {
	lost, delayed, corrupted := happens(
		random,
		f.LoseAnswer,
	), happens(
		random,
		f.DelayAnswer,
	), happens(
		random,
		f.CorruptSignature,
	)
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

// Reencode returns the same document as a gateway may write it that parses and encodes bodies:
// UTF-8 instead of escapes, slashes as they are, spaces after colons and commas. What is not JSON
// is returned as it is.
func Reencode(body []byte) []byte {
	reencoded, err := jsondoc.Layout{Spaces: true, Unescaped: true}.Append(nil, body, new(jsondoc.Scanner))
	if err != nil {
		return body
	}
	return reencoded
}
