package urlrtest

import (
	"math"
	"math/rand/v2"
	"time"
)

// A Retry is how often and when a [Sender] sends again what was not answered with a 2xx status. URLR documents that its intervals
// grow exponentially, but no numbers: the defaults are assumptions. A zero field has its default.
type Retry struct {
	Attempts      int           // in all; default 5
	FirstInterval time.Duration // between the first attempt's end and the second; default 1 s
	Factor        float64       // by which each interval is longer than the one before; default 2
	Jitter        float64       // by which part of itself an interval is longer or shorter, at random; default 0, at most 1
	Timeout       time.Duration // for an attempt, from connecting to the end of the answer; default 10 s
}

func (r Retry) withDefaults() Retry {
	setDefault(&r.Attempts, 5)
	setDefault(&r.FirstInterval, time.Second)
	setDefault(&r.Factor, 2)
	setDefault(&r.Timeout, 10*time.Second)
	return r
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// interval returns the time between the n-th attempt and the next.
func (r Retry) interval(n int, random *rand.Rand) time.Duration {
	jitter := 1 + r.Jitter*(2*random.Float64()-1)
	return duration(float64(r.FirstInterval) * math.Pow(r.Factor, float64(n-1)) * jitter)
}

// duration returns as many nanoseconds, or the longest time that there is.
func duration(nanoseconds float64) time.Duration {
	if nanoseconds >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(nanoseconds)
}
