// Package record encodes deliveries as JSON, for the --json flags and the page's API. Scripts
// depend on its field names.
package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/diagnose"
)

// A Summary is a delivery without its headers and bodies.
type Summary struct {
	ID              int64         `json:"id"`
	Received        time.Time     `json:"received"`
	Verdict         store.Verdict `json:"verdict"`
	Problem         string        `json:"problem"` // why it is not authentic; "" if it is
	Form            string        `json:"form"`    // the form whose MAC matched; "" if none did
	Code            string        `json:"code"`
	Label           string        `json:"label"`
	City            string        `json:"city"`
	Country         string        `json:"country"`
	Bytes           *int64        `json:"bytes"`            // of the body; null: unknown
	Answer          *Answer       `json:"answer"`           // the first one; null: not yet
	WronglyAccepted bool          `json:"wrongly_accepted"` // forged, but the application answered 2xx
	Acknowledged    bool          `json:"acknowledged"`     // an attempt, other than an edited replay, got a 2xx
	ReplayCount     int           `json:"replay_count"`
	LastReplay      *LastReplay   `json:"last_replay"` // null: none
}

// A LastReplay is the newest replay in a Summary.
type LastReplay struct {
	At     time.Time `json:"at"`
	Status *int      `json:"status"` // null: no answer
}

// An Answer is the outcome of an attempt.
type Answer struct {
	At         time.Time `json:"at"`
	By         string    `json:"by"`     // the application's URL; "": the listener itself
	Status     *int      `json:"status"` // null: no answer
	Error      string    `json:"error"`  // why there is none
	DurationMS float64   `json:"duration_ms"`
	*Content             // nil in lists
}

// A Content holds headers and a body, which is in base64 if it is not UTF-8.
type Content struct {
	Headers    http.Header `json:"headers"`
	Body       *string     `json:"body,omitempty"`
	BodyBase64 []byte      `json:"body_base64,omitempty"`
}

// A Delivery is a complete delivery.
type Delivery struct {
	Summary
	Remote string `json:"remote"`
	Path   string `json:"path"`
	Whole  bool   `json:"whole"` // the whole body is kept
	Content
	Replays     []Replay         `json:"replays"`               // newest first
	Explanation *diagnose.Report `json:"explanation,omitempty"` // of a delivery that is not authentic
}

// A Replay is a delivery sent again.
type Replay struct {
	ID       int64    `json:"id"`
	Delivery int64    `json:"delivery"`
	Edited   bool     `json:"edited"`
	Sent     *Content `json:"sent,omitempty"` // the body sent, if it was edited
	Answer
}

// Summarize returns the Summary of a delivery.
func Summarize(s *store.Summary) Summary {
	r := Summary{
		ID: s.ID, Received: s.Received, Verdict: s.Verdict, Problem: s.Problem, Form: s.Form, Code: s.Code,
		Label: s.Label, City: s.City, Country: s.Country,
		WronglyAccepted: s.IsWronglyAccepted(), Acknowledged: s.Acknowledged, ReplayCount: s.Replays,
	}
	if s.Length >= 0 {
		r.Bytes = &s.Length
	}
	if !s.Answered.IsZero() {
		first := store.Answer{At: s.Answered, By: s.By, Status: s.Status, Error: s.Error, Duration: s.Duration}
		r.Answer = answer(&first)
	}
	if s.Replays > 0 {
		r.LastReplay = &LastReplay{s.Replayed, status(s.ReplayStatus)}
	}
	return r
}

// Describe returns the Delivery for a delivery and its history. The report may be nil.
func Describe(s *store.Summary, d *store.Delivery, replays []store.Replay, report *diagnose.Report) Delivery {
	r := Delivery{
		Summary: Summarize(s), Remote: d.Remote, Path: d.Path, Whole: d.IsWhole(), Content: *content(d.Header, d.Body),
		Replays: make([]Replay, len(replays)), Explanation: report,
	}
	if r.Answer != nil {
		r.Answer.Content = content(d.Answer.Header, d.Answer.Body)
	}
	for i := range replays {
		r.Replays[i] = OfReplay(&replays[i])
	}
	return r
}

// OfReplay returns the Replay for a replay.
func OfReplay(r *store.Replay) Replay {
	replay := Replay{ID: r.ID, Delivery: r.Delivery, Edited: r.Edited, Answer: *answer(&r.Answer)}
	replay.Content = content(r.Answer.Header, r.Answer.Body)
	if r.Edited {
		replay.Sent = content(nil, r.Body)
	}
	return replay
}

func answer(a *store.Answer) *Answer {
	return &Answer{
		At:         a.At,
		By:         a.By,
		Status:     status(a.Status),
		Error:      a.Error,
		DurationMS: float64(a.Duration.Microseconds()) / 1000,
	}
}

func status(code int) *int {
	if code == 0 {
		return nil
	}
	return &code
}

func content(h http.Header, body []byte) *Content {
	c := &Content{Headers: h}
	if utf8.Valid(body) {
		text := string(body)
		c.Body = &text
	} else {
		c.BodyBase64 = body
	}
	return c
}

// Line returns a value as a line of JSON. Anyone may have sent the bytes in it, so it escapes what
// could control a terminal.
func Line(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	var line bytes.Buffer
	for _, r := range string(bytes.TrimRight(b.Bytes(), "\n")) {
		switch {
		case unicode.IsGraphic(r):
			line.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&line, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&line, `\u%04x`, r)
		}
	}
	line.WriteByte('\n')
	return line.Bytes(), nil
}
