package record_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/record"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

var at = time.Date(2026, 11, 25, 12, 0, 0, 5000, time.UTC)

func line(t *testing.T, value any) string {
	t.Helper()
	b, err := record.Line(value)
	require.NoError(t, err)
	assert.True(t, json.Valid(b))
	return string(b)
}

// The names are a contract.
func TestSummary(t *testing.T) {
	d := store.Delivery{ID: 7, Received: at, Verdict: store.Authentic, Form: "raw", Code: "yBPhx", Country: "FR", Body: []byte("{}"), Length: 2}
	s := d.Summary()
	assert.Equal(t, `{"id":7,"received":"2026-11-25T12:00:00.000005Z","verdict":"authentic","problem":"","form":"raw","code":"yBPhx","label":"","city":"",`+
		`"country":"FR","bytes":2,"answer":null,"wrongly_accepted":false,"acknowledged":false,"replay_count":0,"last_replay":null}`+"\n",
		line(t, record.Summarize(&s)))

	d = store.Delivery{ID: 8, Received: at, Verdict: store.Refused, Problem: "p", Length: -1,
		Answer: store.Answer{At: at, By: "http://127.0.0.1:3000/", Status: 204, Duration: 1234567}}
	s = d.Summary()
	s.Replays, s.Replayed = 2, at
	assert.Equal(t, `{"id":8,"received":"2026-11-25T12:00:00.000005Z","verdict":"refused","problem":"p","form":"","code":"","label":"","city":"",`+
		`"country":"","bytes":null,"answer":{"at":"2026-11-25T12:00:00.000005Z","by":"http://127.0.0.1:3000/","status":204,"error":"",`+
		`"duration_ms":1.234},"wrongly_accepted":true,"acknowledged":true,"replay_count":2,"last_replay":{"at":"2026-11-25T12:00:00.000005Z",`+
		`"status":null}}`+"\n", line(t, record.Summarize(&s)))
}

func TestDelivery(t *testing.T) {
	d := store.Delivery{
		ID: 7, Received: at, Verdict: store.Unchecked, Remote: "127.0.0.1:1", Path: "/a?b", Header: http.Header{"A": {"b"}}, Body: []byte("<é\x00>"),
		Length: 5, Answer: store.Answer{At: at, Error: "refused", Header: http.Header{"C": {"d"}}, Body: []byte("\xff")},
	}
	s := d.Summary()
	replays := []store.Replay{{ID: 3, Delivery: 7, Edited: true, Body: []byte("new"), Answer: store.Answer{At: at, By: "u", Status: 200, Body: []byte("ok")}}}
	assert.JSONEq(t, `{"id":7,"received":"2026-11-25T12:00:00.000005Z","verdict":"unchecked","problem":"","form":"","code":"","label":"","city":"","country":"","bytes":5,
		"answer":{"at":"2026-11-25T12:00:00.000005Z","by":"","status":null,"error":"refused","duration_ms":0,"headers":{"C":["d"]},"body_base64":"/w=="},
		"wrongly_accepted":false,"acknowledged":false,"replay_count":0,"last_replay":null,
		"remote":"127.0.0.1:1","path":"/a?b","whole":true,"headers":{"A":["b"]},"body":"<é\u0000>",
		"replays":[{"id":3,"delivery":7,"edited":true,"sent":{"headers":null,"body":"new"},"at":"2026-11-25T12:00:00.000005Z","by":"u","status":200,
		"error":"","duration_ms":0,"headers":null,"body":"ok"}]}`, line(t, record.Describe(&s, &d, replays, nil)))
}

// Nothing in a line controls a terminal, ends the line, or is lost.
func TestLineEscapes(t *testing.T) {
	const hostile = "\x1b[2J\x7f\u009b\u202e\u2028\ufeff\n\U000e0001é東<"
	text := line(t, hostile)
	assert.Equal(t, `"\u001b[2J\u007f\u009b\u202e\u2028\ufeff\n\udb40\udc01é東<"`+"\n", text)
	var back string
	require.NoError(t, json.Unmarshal([]byte(text), &back))
	assert.Equal(t, hostile, back)
}
