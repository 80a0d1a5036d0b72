package page

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// The chart has a bar for each minute. It stretches, so its units are not pixels.
const (
	chartMinutes = 60
	chartHeight  = 100
	chartTop     = 6 // top of the highest bar: gaps and minimum heights may make it higher
	barStep      = 10
	barWidth     = 8
	barGap       = 2 // between kinds, because not everyone sees the colors
	leastHeight  = 6 // of a kind, however small its share
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

// A part is the deliveries of one kind in a bar.
type part struct {
	Kind                string // CSS class
	X, Y, Width, Height int
}

// A mark is a number on the scale, which is logarithmic, so that 10 is visible beside 12,000.
type mark struct{ N, Y int }

// chart serves the counts of the last hour.
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
		v.Total += n
		v.Authentic += m.Authentic
		v.Unchecked += m.Unchecked
		v.Refused += m.Refused
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
		h := max(height*kind.n/b.Received, leastHeight)
		y -= h
		b.Parts = append(b.Parts, part{Kind: kind.name, X: i*barStep + 1, Y: y, Width: barWidth, Height: h})
	}
	return b
}

// barHeight grows with the logarithm of a number.
func barHeight(n, most int) int {
	const full = chartHeight - chartTop
	return max(int(full*math.Log1p(float64(n))/math.Log1p(float64(most))), leastHeight)
}
