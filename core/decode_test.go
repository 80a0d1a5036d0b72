package core_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

func TestGenerations(t *testing.T) {
	no, yes := false, true
	ids := core.Link{
		ID: "9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11", Code: "yBPhx",
		WorkspaceID: "1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001", FolderID: "6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002",
	}
	numbered, labelled := ids, ids
	numbered.Team, numbered.Folder = 5, 10
	labelled.Label = "Été"
	for _, test := range []struct {
		name, body            string
		link                  core.Link
		qrcode, unique, isBot *bool
	}{
		{"2023-10", body2023, core.Link{Code: "yBPhx", Team: 5, Folder: 10}, nil, nil, &no},
		{"2024-10", body2024, numbered, nil, nil, &no},
		{"2026-01", bodyJan2026, labelled, &yes, &no, nil},
		{"2026-05", bodyMay2026, labelled, &yes, &no, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := verify(t, test.body)
			require.NoError(t, err)
			assert.Equal(t, core.EventLinkClicked, e.Type)
			assert.Equal(t, test.link, e.Link)
			assert.Equal(t, test.qrcode, e.IsQRCode)
			assert.Equal(t, test.unique, e.IsUnique)
			assert.Equal(t, test.isBot, e.IsBot)
			assert.Equal(t, "FR|Île-de-France|Créteil|GNU/Linux|Firefox|https://example.com/",
				strings.Join([]string{e.Country, e.Region, e.City, e.System, e.Browser, e.Referer}, "|"))
			assert.Equal(t, time.Date(2023, 10, 15, 19, 28, 46, 0, time.UTC), e.Timestamp)
			assert.Nil(t, e.Drift())
			assert.Equal(t, test.body, string(e.Raw()))
			assert.Equal(t, core.FormRaw, e.Form())
		})
	}
}

func TestNulls(t *testing.T) {
	e, err := verify(
		t,
		`{"event":"link_clicked","country":null,"region":null,"city":null,"system":null,"browser":null,"referer":null}`,
	)
	require.NoError(t, err)
	assert.Empty(t, e.Country+e.Region+e.City+e.System+e.Browser+e.Referer)
	assert.Nil(t, e.Drift())

	e, err = verify(t, `{"event":"link_clicked","country":"null","city":"null"}`)
	require.NoError(t, err)
	assert.Empty(t, e.Country, "as URLR's documentation writes it")
	assert.Equal(t, "null", e.City, "there is a place for every name")
}

func TestNamesAreExact(t *testing.T) {
	for _, body := range []string{
		`{"Event":"link_clicked"}`, `{"EVENT":"link_clicked"}`, `{"event ":"link_clicked"}`,
		`{"link":{"event":"link_clicked"}}`,
	} {
		_, err := verify(t, body)
		assert.ErrorIs(t, err, core.ErrMalformedEvent, body)
	}
	e, err := verify(t, `{"\u0065vent":"link_clicked","Country":"DE","link":{"CODE":"x","cod\u0065":"y"}}`)
	require.NoError(t, err)
	assert.Equal(t, "y", e.Link.Code)
	assert.Empty(t, e.Country)
}

// No genuine event is dropped because its fields look unfamiliar.
func TestUnexpectedShapes(t *testing.T) {
	deep := strings.Repeat(`{"link":[`, 400) + strings.Repeat(`]}`, 400)
	for _, test := range []struct {
		name, body string
		drift      []string
	}{
		{
			"unknown fields",
			`{"new":{"event":[1,{"link":2}]},"event":"link_clicked","link":{"x":[{}],"code":"c"},` +
				`"country":"FR","z":` + deep + `}`,
			nil,
		},
		{"no fields", `{"event":"link_clicked","link":{"code":"c"},"country":"FR"}`, nil},
		{
			"whitespace",
			" {\n\t\"event\" : \"link_clicked\" , \"link\" : { \"code\" : \"c\" } , \"country\" : \"FR\" }\r\n",
			nil,
		},
		{"other types", `{"link":{"team":"5","code":"c","folder":[10],"label":null,"id":7,"folder_id":{},` +
			`"workspace_id":false,"team_id":1},"country":"FR","event":"link_clicked","is_qrcode":"yes",` +
			`"is_unique":1,"isBot":null,"region":1,"city":[],"system":{},"browser":true,"referer":0,` +
			`"timestamp":"1697398126"}`,
			[]string{
				"link.team", "link.folder", "link.label", "link.id", "link.folder_id", "link.workspace_id",
				"link.team_id", "is_qrcode", "is_unique", "isBot", "region", "city", "system", "browser", "referer",
				"timestamp",
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, err := verify(t, test.body)
			require.NoError(t, err)
			assert.Equal(t, test.drift, e.Drift())
			assert.Equal(t, "c", e.Link.Code)
			assert.Equal(t, "FR", e.Country)
			assert.Equal(t, core.Link{Code: "c"}, e.Link)
			assert.True(t, e.Timestamp.IsZero())
		})
	}
	for _, link := range []string{`null`, `[]`, `"yBPhx"`, `5`} {
		e, err := verify(t, `{"link":`+link+`,"event":"link_clicked"}`)
		require.NoError(t, err)
		assert.Equal(t, []string{"link"}, e.Drift(), link)
	}
}

// PHP writes no lone surrogates, but a label truncated within an emoji could contain one.
func TestLoneSurrogates(t *testing.T) {
	for _, test := range []struct {
		body  string
		drift []string
	}{
		{`{"event":"e","link":{"code":"c","label":"Sale \ud83d"},"city":"Paris"}`, []string{"link.label"}},
		{`{"event":"e","link":{"code":"c"},"city":"Paris","utm":"\udc00"}`, []string{"utm"}},
		{
			`{"event":"e","link":{"code":"c","tags":["x",{"y":"\ud83d\ud83d\ude00"}]},"city":"Paris"}`,
			[]string{"link.tags"},
		},
		{`{"event":"e","\ud83d":1,"link":{"code":"c"},"city":"Paris"}`, []string{"\ufffd"}},
		{
			`{"event":"e","link":{"code":"c","team":"\ud83d"},"city":"Paris","region":["\ud83d"]}`,
			[]string{"link.team", "region"},
		},
		{`{"event":"e","\ud83d":1,"\ud83e":1,"\ufffd":1,"link":{"code":"c"},"city":"Paris"}`, []string{"\ufffd"}},
		{`{"event":"e\ud83d","link":{"code":"c"},"city":"Paris"}`, []string{"event"}},
		{`{"event":"e","link":{"code":"c"},"city":"Paris","referer":"\ud83d\ude00"}`, nil},
	} {
		e, err := verify(t, test.body)
		require.NoError(t, err, test.body)
		assert.Equal(t, test.drift, e.Drift(), test.body)
		assert.Equal(t, "c", e.Link.Code, test.body)
		assert.Equal(t, "Paris", e.City, test.body)
	}
	e, err := verify(t, `{"event":"e","link":{"label":"Sale \ud83d!"}}`)
	require.NoError(t, err)
	assert.Equal(t, "Sale \ufffd!", e.Link.Label)
}

// A time that can't be encoded would break programs that store the event.
func TestTimestamps(t *testing.T) {
	for literal, want := range map[string]string{
		"1697398126": "2023-10-15T19:28:46Z", "1697398126.0": "2023-10-15T19:28:46Z", "0": "1970-01-01T00:00:00Z",
		"-1":           "1969-12-31T23:59:59Z",
		"253402300799": "9999-12-31T23:59:59Z", "-62167219200": "0000-01-01T00:00:00Z",
		"1697398126000": "", "253402300800": "", "-62167219201": "", `"1697398126"`: "", "1697398126.5": "",
		"null": "", "1e300": "",
	} {
		e, err := verify(t, `{"event":"e","timestamp":`+literal+`}`)
		require.NoError(t, err)
		if want == "" {
			assert.True(t, e.Timestamp.IsZero(), literal)
			assert.Equal(t, []string{"timestamp"}, e.Drift(), literal)
			continue
		}
		text, err := e.Timestamp.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		assert.Nil(t, e.Drift())
	}
}

func TestUnknownEvent(t *testing.T) {
	const body = `{"event":"link_created","link":{"code":"c"}}`
	e, err := verify(t, body)
	require.NoError(t, err)
	assert.Equal(t, core.EventType("link_created"), e.Type)
	assert.Equal(t, body, string(e.Raw()))
}

// Integers are read alike in every form of a body, so integers that some parsers change are not
// accepted.
func TestIntegers(t *testing.T) {
	for literal, want := range map[string]int64{
		"0": 0, "-0": 0, "5": 5, "-5": -5, "5.0": 5, "5e0": 5, "0.5e1": 5, "9007199254740991": 1<<53 - 1,
		"-9007199254740991": -(1<<53 - 1),
	} {
		e, err := verify(t, fmt.Sprintf(`{"event":"e","link":{"team":%s}}`, literal))
		require.NoError(t, err)
		assert.Equal(t, want, e.Link.Team, literal)
		assert.Nil(t, e.Drift(), literal)
	}
	for _, literal := range []string{"5.5", "9007199254740992", "1e300", "1e400", "-1e16", "99999999999999999999"} {
		e, err := verify(t, fmt.Sprintf(`{"event":"e","link":{"team":%s},"timestamp":%s}`, literal, literal))
		require.NoError(t, err)
		assert.Zero(t, e.Link.Team, literal)
		assert.True(t, e.Timestamp.IsZero())
		assert.Equal(t, []string{"link.team", "timestamp"}, e.Drift(), literal)
	}
}

func TestWorkspaceID(t *testing.T) {
	for body, want := range map[string]string{
		`{"event":"e","link":{"team_id":"t"}}`:                     "t",
		`{"event":"e","link":{"workspace_id":"w"}}`:                "w",
		`{"event":"e","link":{"team_id":"t","workspace_id":"w"}}`:  "w",
		`{"event":"e","link":{"workspace_id":"w","team_id":"t"}}`:  "w",
		`{"event":"e","link":{"workspace_id":null,"team_id":"t"}}`: "t",
	} {
		e, err := verify(t, body)
		require.NoError(t, err)
		assert.Equal(t, want, e.Link.WorkspaceID, body)
	}
}

func TestMalformedEvents(t *testing.T) {
	for _, body := range []string{
		``, ` `, `null`, `5`, `"event"`, `[]`, `[{"event":"e"}]`, `{}`, `{"event":null}`, `{"event":5}`,
		`{"event":{}}`, `{"event":["link_clicked"]}`,
		`{"event":"e"`, `{"event":"e"}}`, `{"event":"e"}{}`, `{"event":"e",}`, `{'event':'e'}`, `{"event":"e"} x`,
		`{"event":"a","event":"b"}`, `{"event":"a","\u0065vent":"b"}`,
		`{"event":"e","link":{"code":"a","code":"b"}}`, `{"event":"e","x":[{"y":1,"y":2}]}`,
		"{\"event\":\"\xff\"}", "{\"event\":\"e\",\"x\":\"\xc3\"}", "\ufeff" + `{"event":"e"}`,
		"event=link_clicked",
	} {
		_, err := verify(t, body)
		assert.ErrorIs(t, err, core.ErrMalformedEvent, "%q", body)
	}
	e, err := verify(t, `{"event":""}`)
	require.NoError(t, err, "an empty type is a string")
	assert.Empty(t, e.Type)
}

func TestEventOwnsItsMemory(t *testing.T) {
	for _, arrives := range []string{bodyMay2026, reencoded(bodyMay2026)} {
		received := []byte(arrives)
		v := core.MustVerifier(secret)
		e, err := v.Verify(t.Context(), received, core.Sign(secret, []byte(bodyMay2026)))
		require.NoError(t, err)
		clear(received)
		for range 10 { // reused memory must not be visible in e
			_, err = v.Verify(t.Context(), []byte(reencoded(body2024)), core.Sign("forged", nil))
			require.ErrorIs(t, err, core.ErrSignatureMismatch)
		}
		assert.Equal(t, bodyMay2026, string(e.Raw()))
		assert.Equal(t, "Été", e.Link.Label)
		assert.Equal(t, "Firefox", e.Browser)
	}
}

func TestFingerprint(t *testing.T) {
	fingerprint := func(body, arrives string) string {
		signature := core.Sign(secret, []byte(body))
		e, err := core.MustVerifier(secret).Verify(t.Context(), []byte(arrives), signature)
		require.NoError(t, err)
		assert.Regexp(t, "^[0-9a-f]{32}$", e.Fingerprint())
		assert.NotContains(t, signature, e.Fingerprint())
		assert.NotContains(t, signature, e.Fingerprint()[:16])
		return e.Fingerprint()
	}
	delivery := fingerprint(bodyMay2026, bodyMay2026)
	assert.Equal(t, delivery, fingerprint(bodyMay2026, bodyMay2026), "a retry")
	assert.Equal(t, delivery, fingerprint(bodyMay2026, reencoded(bodyMay2026)), "a retry through a gateway")
	assert.NotEqual(t, delivery, fingerprint(bodyJan2026, bodyJan2026))
}
