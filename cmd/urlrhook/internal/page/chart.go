package page

import (
	"context"
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
	barGap       = 2 // between authentic and refused ones: colours alone don't tell everybody
)

type chartView struct {
	Width, Height  int
	Top            int
	Bars           []bar
	Total, Refused int
	Most           int // in one minute
	Peak           time.Time
}

// A bar is a minute: refused deliveries on top of authentic and unchecked ones.
type bar struct {
	X, Width                    int
	AuthenticY, AuthenticHeight int
	RefusedY, RefusedHeight     int
	Start                       time.Time
	Received, Refused           int
}

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
	v := chartView{Width: len(minutes) * barStep, Height: chartHeight, Top: chartTop}
	for _, m := range minutes {
		v.Total += m.Authentic + m.Refused
		v.Refused += m.Refused
		if n := m.Authentic + m.Refused; n > v.Most {
			v.Most, v.Peak = n, m.Start
		}
	}
	for i, m := range minutes {
		if m.Authentic+m.Refused > 0 {
			v.Bars = append(v.Bars, viewBar(i, m, v.Most))
		}
	}
	return v
}

func viewBar(i int, m store.Minute, most int) bar {
	b := bar{X: i*barStep + 1, Width: barWidth, Start: m.Start, Received: m.Authentic + m.Refused, Refused: m.Refused}
	b.AuthenticHeight, b.RefusedHeight = barHeight(m.Authentic, most), barHeight(m.Refused, most)
	b.AuthenticY = chartHeight - b.AuthenticHeight
	b.RefusedY = b.AuthenticY - b.RefusedHeight
	if m.Authentic > 0 {
		b.RefusedY -= barGap
	}
	return b
}

// barHeight shows one delivery too, however high the others are.
func barHeight(n, most int) int {
	if n == 0 {
		return 0
	}
	return max(n*(chartHeight-chartTop)/most, 2)
}
