package urlrtest

import (
	"math"
	"math/rand/v2"
	"time"
)

// A Retry says when and how often a [Sender] retries a delivery that got no 2xx response. URLR
// documents that its intervals grow exponentially, but not the numbers: the defaults are
// assumptions. Zero fields take their defaults.
type Retry struct {
	Attempts      int           // in total; default 5
	FirstInterval time.Duration // from the end of the first attempt to the start of the second; default 1s
	Factor        float64       // each interval is Factor times the previous one; default 2
	Jitter        float64       // random variation of an interval, as a fraction of it, from 0 to 1; default 0
	Timeout       time.Duration // per attempt, from dialing to the end of the response; default 10s
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

// interval returns the time between attempt n and the next.
func (r Retry) interval(n int, random *rand.Rand) time.Duration {
	jitter := 1 + r.Jitter*(2*random.Float64()-1)
	return duration(float64(r.FirstInterval) * math.Pow(r.Factor, float64(n-1)) * jitter)
}

// duration converts nanoseconds, capped at the longest time.Duration.
func duration(nanoseconds float64) time.Duration {
	if nanoseconds >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(nanoseconds)
}
