package page

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// The chart has a bar for each minute. Its units have nothing to do with pixels: it stretches.
const (
	chartMinutes = 60
	chartHeight  = 100
	chartTop     = 6 // where the most of a minute are; bars that are drawn higher than they are, and gaps, need room
	barStep      = 10
	barWidth     = 8
	barGap       = 2 // between kinds: colours alone don't tell everybody
	leastHeight  = 6 // of a kind, however many the others are
)

type chartView struct {
	Width, Height                        int
	Bars                                 []bar
	Scale                                []mark
	Total, Authentic, Unchecked, Refused int
	Most                                 int // in one minute
	Peak                                 time.Time
}

// A bar is a minute.
type bar struct {
	Start                                   time.Time
	Parts                                   []part // from the bottom
	Received, Authentic, Unchecked, Refused int
}

// A part is the deliveries of a kind.
type part struct {
	Kind                string // class of the style
	X, Y, Width, Height int
}

// A mark is a number on the scale, which is logarithmic: 10 are seen beside 12,000.
type mark struct{ N, Y int }

// chart answers with the counts of the last hour.
func (p *page) chart(w http.ResponseWriter, r *http.Request) {
	v, err := p.chartView(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	render(w, http.StatusOK, "chart", v)
}

func (p *page) chartView(ctx context.Context) (chartView, error) {
	minutes, err := p.Store.PerMinute(ctx, p.Now(), chartMinutes)
	return viewChart(minutes), err
}

func viewChart(minutes []store.Minute) chartView {
	v := chartView{Width: len(minutes) * barStep, Height: chartHeight}
	for _, m := range minutes {
		n := m.Authentic + m.Unchecked + m.Refused
		v.Total, v.Authentic, v.Unchecked, v.Refused = v.Total+n, v.Authentic+m.Authentic, v.Unchecked+m.Unchecked, v.Refused+m.Refused
		if n > v.Most {
			v.Most, v.Peak = n, m.Start
		}
	}
	for i, m := range minutes {
		if m.Authentic+m.Unchecked+m.Refused > 0 {
			v.Bars = append(v.Bars, viewBar(i, m, v.Most))
		}
	}
	for n := 1; n < v.Most; n *= 10 {
		v.Scale = append(v.Scale, mark{n, chartHeight - barHeight(n, v.Most)})
	}
	if v.Most > 0 {
		v.Scale = append(v.Scale, mark{v.Most, chartTop})
	}
	return v
}

func viewBar(i int, m store.Minute, most int) bar {
	b := bar{
		Start:     m.Start,
		Received:  m.Authentic + m.Unchecked + m.Refused,
		Authentic: m.Authentic,
		Unchecked: m.Unchecked,
		Refused:   m.Refused,
	}
	height, y := barHeight(b.Received, most), chartHeight
	for _, kind := range []struct {
		name string
		n    int
	}{{"good", m.Authentic}, {"idle", m.Unchecked}, {"bad", m.Refused}} {
		if kind.n == 0 {
			continue
		}
		if y < chartHeight {
			y -= barGap
		}
		p := part{Kind: kind.name, X: i*barStep + 1, Width: barWidth, Height: max(height*kind.n/b.Received, leastHeight)}
		y -= p.Height
		p.Y = y
		b.Parts = append(b.Parts, p)
	}
	return b
}

// barHeight grows with the digits of a number rather than with the number.
func barHeight(n, most int) int {
	const full = chartHeight - chartTop
	return max(int(full*math.Log1p(float64(n))/math.Log1p(float64(most))), leastHeight)
}
