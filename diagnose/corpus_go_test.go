package diagnose_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// anEvent is an event as a Go developer may declare it, with fields in another order.
type anEvent struct {
	Event     string `json:"event"`
	Timestamp int64  `json:"timestamp"`
	Country   string `json:"country"`
	Region    string `json:"region"`
	City      string `json:"city"`
	System    string `json:"system"`
	Browser   string `json:"browser"`
	Referer   string `json:"referer"`
	Link      aLink  `json:"link"`
	IsQRCode  bool   `json:"is_qrcode"`
	IsUnique  bool   `json:"is_unique"`
}

type aLink struct {
	ID          string `json:"id"`
	Code        string `json:"code"`
	Label       string `json:"label"`
	WorkspaceID string `json:"workspace_id"`
	FolderID    string `json:"folder_id"`
}

// sparse omits empty fields.
type sparse struct {
	Event     string `json:"event"`
	Link      aLink  `json:"link"`
	IsQRCode  bool   `json:"is_qrcode,omitempty"`
	IsUnique  bool   `json:"is_unique,omitempty"`
	Country   string `json:"country,omitempty"`
	Region    string `json:"region,omitempty"`
	City      string `json:"city,omitempty"`
	System    string `json:"system,omitempty"`
	Browser   string `json:"browser,omitempty"`
	Referer   string `json:"referer,omitempty"`
	Timestamp int64  `json:"timestamp"`
}

// partial lacks some fields.
type partial struct {
	Event string `json:"event"`
	Link  struct {
		Code string `json:"code"`
	} `json:"link"`
	Country   string `json:"country"`
	Timestamp int64  `json:"timestamp"`
}

// untagged has no tags, so its names are Go's.
type untagged struct {
	Event     string
	Link      map[string]string
	Is_qrcode bool //nolint:revive // as some write it
	Is_unique bool //nolint:revive // as some write it
	Country   string
	Region    string
	City      string
	System    string
	Browser   string
	Referer   string
	Timestamp int64
}

// extended embeds an event and adds to it.
type extended struct {
	anEvent
	ReceivedAt time.Time `json:"received_at"`
}

func decoded[T any](t testing.TB, body string) (v T) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(body), &v))
	return v
}

func marshaled(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return b
}

func unescapedHTML(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(v))
	return b.Bytes()
}

// byGo returns bodies as Go's encoders write them.
func byGo(t testing.TB, bases map[string]string) []corpusCase {
	click, nulls, old, ascii := bases["click"], bases["nulls"], bases["old"], bases["ascii"]
	anyOf := func(body string) any { return decoded[any](t, body) }
	request := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(click))
	dump, err := httputil.DumpRequest(request, true)
	require.NoError(t, err)
	byXML, err := xml.Marshal(decoded[anEvent](t, click))
	require.NoError(t, err)
	indented, err := json.MarshalIndent(anyOf(click), "", "  ")
	require.NoError(t, err)
	indentedNewest, err := json.MarshalIndent(anyOf(bases["newest"]), "", "\t")
	require.NoError(t, err)
	made := func(name, base string, body []byte, want string) corpusCase {
		return corpusCase{Name: "Go: " + name, Base: base, Body: body, Want: want}
	}
	return []corpusCase{
		made("a map marshaled", "click", marshaled(t, anyOf(click)), "key-order"),
		made("a map marshaled, nulls", "nulls", marshaled(t, anyOf(nulls)), "key-order"),
		made("a map marshaled, old", "old", marshaled(t, anyOf(old)), "key-order"),
		made("a map encoded", "click", unescapedHTML(t, anyOf(click)), "key-order"),
		made("a map indented", "click", indented, "key-order"),
		made(
			"a map with more",
			"click",
			marshaled(t, map[string]any{"event": anyOf(click), "at": 5}),
			"json-envelope",
		),
		made("a map with a member that URLR has added", "newer", marshaled(t, anyOf(bases["newer"])), "key-order"),
		made(
			"a map with two members that URLR has added",
			"newest",
			marshaled(t, anyOf(bases["newest"])),
			"re-encoded",
		),
		made("a map with two members that URLR has added, indented", "newest", indentedNewest, "re-encoded"),
		made("a struct marshaled", "click", marshaled(t, decoded[anEvent](t, click)), "key-order"),
		made("a struct marshaled, ASCII", "ascii", marshaled(t, decoded[anEvent](t, ascii)), "key-order"),
		made("a struct marshaled, nulls", "nulls", marshaled(t, decoded[anEvent](t, nulls)), "changed-types"),
		made("a struct with omitempty, nulls", "nulls", marshaled(t, decoded[sparse](t, nulls)), "dropped-members"),
		made("a struct with omitempty, false", "click", marshaled(t, decoded[sparse](t, click)), "dropped-members"),
		made("a struct with few fields", "click", marshaled(t, decoded[partial](t, click)), "content-changed"),
		made("a struct with few fields, old", "old", marshaled(t, decoded[partial](t, old)), "content-changed"),
		made("a struct without tags", "ascii", marshaled(t, decoded[untagged](t, ascii)), "renamed-members"),
		made(
			"a struct with more",
			"click",
			marshaled(t, extended{decoded[anEvent](t, click), time.Unix(1697398127, 0).UTC()}),
			"added-members",
		),
		made(
			"a json.RawMessage in an envelope",
			"click",
			marshaled(t, map[string]any{"raw": json.RawMessage(click)}),
			"json-envelope",
		),
		made("a []byte marshaled", "click", marshaled(t, []byte(click)), "base64-encoded"),
		made("a []byte in a struct", "click", marshaled(t, struct{ Body []byte }{[]byte(click)}), "json-envelope"),
		made("a string marshaled", "click", marshaled(t, click), "json-string"),
		made("strconv.Quote", "click", []byte(strconv.Quote(click)), "json-string"),
		made("%v of a map", "click", fmt.Append(nil, anyOf(click)), "not-json"),
		made("%+v of a struct", "click", fmt.Appendf(nil, "%+v", decoded[anEvent](t, click)), "not-json"),
		made("%v of a []byte", "click", fmt.Append(nil, []byte(click)), "byte-list"),
		made("%x of a []byte", "click", fmt.Appendf(nil, "%x", click), "hex-encoded"),
		made(
			"%v of a link in a string",
			"click",
			marshaled(
				t,
				map[string]any{"event": "link_clicked", "link": fmt.Sprint(decoded[anEvent](t, click).Link)},
			),
			"content-changed",
		),
		made(
			"a time.Time",
			"click",
			[]byte(strings.Replace(click, "1697398126", `"2023-10-15T19:28:46Z"`, 1)),
			"changed-types",
		),
		made("XML", "click", byXML, "not-json"),
		made("url.Values", "click", []byte(url.Values{"body": {click}}.Encode()), "form-encoded"),
		made("QueryEscape", "click", []byte(url.QueryEscape(click)), "percent-encoded"),
		made("PathEscape", "click", []byte(url.PathEscape(click)), "percent-encoded"),
		made("HTMLEscapeString", "click", []byte(template.HTMLEscapeString(click)), "html-entities"),
		made("JSEscapeString", "click", []byte(template.JSEscapeString(click)), "log-escaped"),
		made("DumpRequest", "click", dump, "http-message"),
		made(
			"a buffer of 4096 bytes",
			"click",
			append([]byte(click), make([]byte, 4096-len(click))...),
			"trailing-nuls",
		),
		made("a buffer used again", "old", []byte(old+click[len(old):]), "outer-text"),
		made("read to the limit", "click", []byte(click[:256]), "not-json"),
		made("read before", "click", nil, "empty-body"),
	}
}
