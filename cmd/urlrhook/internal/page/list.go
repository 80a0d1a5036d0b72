package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// pageSize is the number of rows that are loaded at a time.
const pageSize = 50

var (
	verdicts = []choice{
		{"", "any verdict"},
		{"authentic", "authentic"},
		{"refused", "refused"},
		{"unchecked", "unchecked"},
	}
	statuses = []choice{
		{"", "any answer"}, {"failed", "failed"}, {"2xx", "2xx"}, {"3xx", "3xx"}, {"4xx", "4xx"}, {"5xx", "5xx"},
		{"none", "no status"}, {"replayed", "replayed"}, {"accepted", "forged but accepted"},
	}
)

type choice struct{ Value, Label string }

// list serves the whole page.
func (p *page) list(w http.ResponseWriter, r *http.Request) {
	view, err := p.listView(r)
	if err != nil {
		fail(w, err)
		return
	}
	render(w, http.StatusOK, "list.html", view)
}

// rows serves only rows: an older page of them, or new ones. X-Matching is the number of deliveries
// that match the filter.
func (p *page) rows(w http.ResponseWriter, r *http.Request) {
	rows, err := p.rowsOf(r)
	if err != nil {
		fail(w, err)
		return
	}
	if filter := filterOf(r.URL.Query()); viewFilter(filter).Any {
		n, err := p.Store.Count(r.Context(), filter)
		if err != nil {
			fail(w, err)
			return
		}
		w.Header().Set("X-Matching", strconv.Itoa(n))
	}
	render(w, http.StatusOK, "rows", rows)
}

type listView struct {
	Filter        filterView
	Rows          []rowView
	Matching      int  // how many deliveries match the filter
	Cut           bool // Rows does not begin with the newest
	Newest, Older string
	totals
	Strip              stripView
	Chart              chartView
	Open               *deliveryView
	Verdicts, Statuses []choice
}

// A stripView says what this listener does.
type stripView struct {
	Receive, Target, Path string
	Secrets               int
}

type filterView struct {
	Verdict, Status, Code, Country, Search string
	Any                                    bool
}

func (p *page) listView(r *http.Request) (v listView, err error) {
	filter := filterOf(r.URL.Query())
	v = listView{
		Strip:    stripView{p.Receive, p.Target, p.Path, len(p.Secrets)},
		Filter:   viewFilter(filter),
		Verdicts: verdicts,
		Statuses: statuses,
		Cut:      filter.Before > 0,
		Newest:   "/?" + queryOf(filter, 0),
	}
	if v.Rows, err = p.rowsOf(r); err != nil {
		return v, err
	}
	if v.Matching, err = p.Store.Count(r.Context(), filter); err != nil {
		return v, err
	}
	if v.totals, err = p.totals(r.Context()); err != nil {
		return v, err
	}
	if v.Chart, err = p.chartView(r.Context()); err != nil {
		return v, err
	}
	if len(v.Rows) == pageSize {
		v.Older = "/?" + queryOf(filter, v.Rows[pageSize-1].ID)
	}
	v.Open, err = p.opened(r)
	return v, err
}

// opened returns the delivery that ?open= names, or nil.
func (p *page) opened(r *http.Request) (*deliveryView, error) {
	id, err := strconv.ParseInt(r.URL.Query().Get("open"), 10, 64)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // no delivery is open
	}
	v, err := p.deliveryView(r.Context(), id)
	if isGone(err) {
		return nil, nil //nolint:nilnil // it has been dropped
	}
	return v, err
}

func (p *page) rowsOf(r *http.Request) ([]rowView, error) {
	summaries, err := p.Store.List(r.Context(), filterOf(r.URL.Query()))
	if err != nil {
		return nil, err
	}
	rows := make([]rowView, len(summaries))
	for i := range summaries {
		rows[i] = viewRow(&summaries[i])
	}
	return rows, nil
}

// filterOf reads a filter from a query. It ignores invalid values.
func filterOf(q url.Values) store.Filter {
	id := func(name string) int64 {
		n, _ := strconv.ParseInt(q.Get(name), 10, 64)
		return max(n, 0)
	}
	return store.Filter{
		Verdict: store.Verdict(oneOf(verdicts, q.Get("verdict"))),
		Status:  oneOf(statuses, q.Get("status")),
		Code:    strings.TrimSpace(q.Get("code")),
		Country: strings.ToUpper(strings.TrimSpace(q.Get("country"))), // as URLR writes them
		Search:  strings.TrimSpace(q.Get("q")),
		Before:  id("before"),
		After:   id("after"),
		Limit:   pageSize,
	}
}

func oneOf(choices []choice, value string) string {
	if slices.ContainsFunc(choices, func(c choice) bool { return c.Value == value }) {
		return value
	}
	return ""
}

func viewFilter(f store.Filter) filterView {
	v := filterView{Verdict: string(f.Verdict), Status: f.Status, Code: f.Code, Country: f.Country, Search: f.Search}
	v.Any = v != filterView{}
	return v
}

// queryOf returns the query for a page of the list.
func queryOf(f store.Filter, before int64) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"verdict": string(f.Verdict), "status": f.Status, "code": f.Code, "country": f.Country, "q": f.Search,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	return q.Encode()
}

// A rowView is a row of the list.
type rowView struct {
	ID          int64
	Received    time.Time
	Verdict     pill
	Status      pill
	Code, Label string
	FullName    string // code and label, however long
	From        string // city and country
	Took        string
	Accepted    bool   // by the application, although forged
	Note        string // what is wrong
	Answered    int64  // differs from attempt to attempt; 0: none yet
	Replayed    string // status of the last replay
}

func viewRow(s *store.Summary) rowView {
	v := rowView{
		ID: s.ID, Received: s.Received, Verdict: verdictPill(s.Verdict, s.Form),
		Status: answerPill(s.Verdict, s.Form, !s.Answered.IsZero(), s.Status),
		Code:   visible.Line(s.Code, 40), Label: visible.Line(s.Label, 100), From: place(s.City, s.Country),
		FullName: strings.TrimSpace(visible.Line(s.Code, 500) + " " + visible.Line(s.Label, 500)),
		Answered: max(version(s.Answered), version(s.Replayed)),
		Accepted: s.IsWronglyAccepted(), Note: noteOf(s),
	}
	if !s.Answered.IsZero() {
		v.Took = took(s.Duration)
	}
	if s.Replays > 0 {
		v.Replayed = statusPill(true, s.ReplayStatus).Text
	}
	return v
}

// place returns where a click came from.
func place(city, country string) string {
	city, country = visible.Line(city, 60), visible.Line(country, 8)
	if city == "" || country == "" {
		return city + country
	}
	return city + ", " + country
}

// noteOf says what went wrong with a delivery: at its sender, in transit, or in the application.
func noteOf(s *store.Summary) string {
	problem := visible.Problem(s.Problem, s.Error)
	switch text := http.StatusText(s.Status); {
	case problem != "" || s.By == "" || s.Status == 0 || s.Status/100 == 2:
		return problem
	case s.Status/100 == 3:
		return "redirect: URLR may not follow it"
	case text == "":
		return "unknown status"
	default:
		return text
	}
}
