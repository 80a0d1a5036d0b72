package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/forward"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

const maxShown = 64 << 10 // bytes of a body that are shown

// A deliveryView is a delivery as the page shows it.
type deliveryView struct {
	ID              int64
	Received        time.Time
	Title, Label    string // of the link
	Path, Remote    string
	Verdict         pill
	Problem         string
	Form, FormMeans string
	Size            string
	Headers         []field
	Body            bodyView
	Broken          string // why the body is not JSON, and where
	BodyText        string // to copy, if the clipboard can hold it
	Signature       string
	Event           eventView
	Answer          answerView
	Version         int64 // changes with each attempt
	Replays         []replayView
	Explanation     *explanation
	NoSecret        bool // so nothing can be verified or explained

	// For replays.
	Cut         bool   // only the first bytes were kept: it can't be replayed
	Editable    string // the body, if it can be edited and signed
	CSRF        string
	Target      string
	Curl        string
	CurlTarget  string // the part of Curl that the script replaces
	ReplayError string
}

// A bodyView shows a body.
type bodyView struct {
	Pretty []visible.Span // nil if it is not JSON
	Raw    []visible.Span
	More   string // how much is left out
}

type answerView struct {
	Given   bool
	Status  pill
	Reason  string // what the status means
	Bad     bool   // a forged delivery was accepted
	At      time.Time
	By      string
	Took    string
	Error   string
	Headers []field
	Body    bodyView
}

// A replayView is a replay.
type replayView struct {
	answerView
	Edited bool
	Sent   bodyView // if it was edited
}

// mostReplays is the most replays of a delivery that are shown.
const mostReplays = 100

// delivery serves a delivery as a page of its own, or for the pane beside the list.
func (p *page) delivery(w http.ResponseWriter, r *http.Request) {
	v, err := p.deliveryView(r.Context(), idOf(r))
	if err != nil {
		fail(w, err)
		return
	}
	renderDelivery(w, r, http.StatusOK, v)
}

func renderDelivery(w http.ResponseWriter, r *http.Request, status int, v *deliveryView) {
	render(w, status, templateFor(r, "detail.html", "delivery"), v)
}

// templateFor chooses between a whole page and the part that the script asks for with ?pane=1. A
// person who opens that address gets the page.
func templateFor(r *http.Request, whole, part string) string {
	if r.FormValue("pane") != "" && r.Header.Get("Sec-Fetch-Mode") != "navigate" {
		return part
	}
	return whole
}

// idOf returns the ID in the path, or 0, which no delivery has.
func idOf(r *http.Request) int64 {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	return id
}

func isGone(err error) bool { return errors.Is(err, store.ErrNotFound) }

func (p *page) deliveryView(ctx context.Context, id int64) (*deliveryView, error) {
	d, err := p.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	replays, err := p.Store.Replays(ctx, id, mostReplays)
	if err != nil {
		return nil, err
	}
	v := &deliveryView{
		ID: d.ID, Received: d.Received, Title: visible.Line(d.Code, 40), Label: visible.Line(d.Label, 500),
		Path: visible.Line(d.Path, 500), Remote: visible.Line(d.Remote, 100), Size: size(d.Length),
		Verdict: verdictPill(d.Verdict, d.Form), Problem: visible.Line(d.Problem, 500),
		Form: d.Form, FormMeans: formMeanings[d.Form],
		Headers: headersOf(d.Header), Body: viewBody(d.Body), Event: decode(ctx, d, p.Secrets),
		Answer: viewAnswer(d.Verdict, d.Form, &d.Answer), Version: version(d.Answer.At),
		Replays:     viewReplays(d.Verdict, d.Form, replays),
		Explanation: explain(d, p.Secrets), NoSecret: len(p.Secrets) == 0,
		Cut: !d.IsWhole(), CSRF: p.csrf, Target: p.Target, Curl: curl(d, p.Target), CurlTarget: curlTarget(p.Target),
	}
	if len(replays) > 0 {
		v.Version = max(v.Version, version(replays[0].Answer.At))
	}
	v.Signature, v.Broken = visible.Line(d.Signature(), 200), broken(d.Body)
	if d.IsWhole() && isPlain(string(d.Body)) {
		v.BodyText = string(d.Body)
		if len(p.Secrets) > 0 {
			v.Editable = v.BodyText
		}
	}
	if v.Explanation != nil && v.Explanation.Title != matchesNow {
		v.Problem = "" // the explanation says it
	}
	return v, nil
}

var formMeanings = map[string]string{
	"raw": "the body as received",
	"php": "the body as PHP's json_encode writes it: something re-encoded it in transit",
	"js":  "the body as the Node recipe computes it",
}

func viewReplays(verdict store.Verdict, form string, replays []store.Replay) []replayView {
	views := make([]replayView, len(replays))
	for i := range replays {
		r := &replays[i]
		if r.Edited { // and signed with the right secret
			views[i] = replayView{
				answerView: viewAnswer(store.Authentic, "raw", &r.Answer),
				Edited:     true,
				Sent:       viewBody(r.Body),
			}
		} else {
			views[i].answerView = viewAnswer(verdict, form, &r.Answer)
		}
	}
	return views
}

func viewAnswer(verdict store.Verdict, form string, a *store.Answer) answerView {
	given := !a.At.IsZero()
	v := answerView{
		Given: given, Status: answerPill(verdict, form, given, a.Status), Reason: http.StatusText(a.Status),
		Bad: store.IsWronglyAccepted(verdict, form, a.Status), At: a.At, By: visible.Line(a.By, 500),
		Error: visible.Line(a.Error, 1000), Headers: headersOf(a.Header), Body: viewBody(a.Body),
	}
	if given {
		v.Took = took(a.Duration)
	}
	return v
}

func headersOf(h http.Header) []field {
	var all []field
	for name, values := range h {
		for _, value := range values {
			all = append(all, field{visible.Line(name, 200), visible.LineSpans(value, 4000)})
		}
	}
	slices.SortStableFunc(all, func(a, b field) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	return all
}

func viewBody(body []byte) bodyView {
	v := bodyView{Pretty: visible.Pretty(body)}
	if len(body) > maxShown {
		v.More = size(int64(len(body) - maxShown))
		body = body[:maxShown]
	}
	v.Raw = visible.Spans(body)
	return v
}

// broken says where a body stops being JSON, with the bytes before. It returns "" for JSON.
func broken(body []byte) string {
	const around = 20
	var failure *json.SyntaxError
	if !errors.As(json.Unmarshal(body, new(json.RawMessage)), &failure) {
		return ""
	}
	at := min(int(failure.Offset), len(body))
	return fmt.Sprintf(
		"Not JSON: %v, at byte %d of %d, after “%s”",
		failure,
		at,
		len(body),
		visible.Text(body[max(at-around, 0):at]),
	)
}

// editedBody returns the body that a person has edited, or nil for the delivery's own. Forms send
// all line ends as CRLF.
func editedBody(r *http.Request) []byte {
	if r.PostFormValue("edited") == "" {
		return nil
	}
	return []byte(strings.ReplaceAll(r.PostFormValue("body"), "\r\n", "\n"))
}

// replay sends a delivery again, to the address in the form: never to one from a delivery.
func (p *page) replay(w http.ResponseWriter, r *http.Request) {
	id, target := idOf(r), r.PostFormValue("url")
	v, err := p.deliveryView(r.Context(), id)
	if err != nil {
		fail(w, err)
		return
	}
	to, err := forward.ParseURL(target)
	if err != nil {
		v.Target, v.ReplayError = target, err.Error()
		renderDelivery(w, r, http.StatusBadRequest, v)
		return
	}
	// Keep the answer even if the browser disconnects: the application has got the delivery.
	if err = p.Replay(context.WithoutCancel(r.Context()), id, to, editedBody(r)); err != nil {
		v.Target, v.ReplayError = target, err.Error()
		renderDelivery(w, r, http.StatusBadGateway, v)
		return
	}
	seeOther := "/deliveries/" + strconv.FormatInt(id, 10)
	if r.PostFormValue("pane") != "" {
		seeOther += "?pane=1"
	}
	http.Redirect(w, r, seeOther, http.StatusSeeOther) // so that reloading the page does not send it again
}
