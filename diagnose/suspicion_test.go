package diagnose_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// TestSuspicions checks what a body is reported to be evidence of, and the wording.
func TestSuspicions(t *testing.T) {
	body := string(delivery())
	with := func(old, replacement string) string {
		require.Contains(t, body, old)
		return strings.Replace(body, old, replacement, 1)
	}
	const secretWords = "byte for byte what URLR's PHP writes"
	for name, test := range map[string]struct {
		body  string
		want  diagnose.Suspicion
		words []string
	}{
		"latest": {body, diagnose.SuspectSecret, []string{secretWords}},
		"oldest": {
			string(urlrtest.Body(click(), urlrtest.Generation2023_10)),
			diagnose.SuspectSecret, []string{secretWords},
		},
		"a later one": {
			with(`"timestamp"`, `"device":1,"timestamp"`),
			diagnose.SuspectSecret, []string{secretWords, "It has device, which"},
		},
		"a later one still": {
			with(`workspace_id`, `space_id`),
			diagnose.SuspectSecret, []string{secretWords, "link.space_id"},
		},

		"spaces": {
			string(urlrtest.Reencode([]byte(body))),
			diagnose.SuspectReencoded, []string{"spaces between", `as \/`, `as \u00e9`},
		},
		"lines": {string(indented([]byte(body), " ")), diagnose.SuspectReencoded, []string{"line breaks"}},
		"slashes": {
			strings.ReplaceAll(body, `\/`, `/`),
			diagnose.SuspectReencoded, []string{`slashes are not escaped as \/`},
		},
		"upper case": {
			strings.ReplaceAll(body, `\u00e9`, `\u00E9`),
			diagnose.SuspectReencoded, []string{`upper-case digits`},
		},
		"Go's map": {
			string(sorted([]byte(body))),
			diagnose.SuspectReencoded, []string{"keys are sorted", "Go's encoding/json does with a map"},
		},
		"another's map": {
			sortedPlain(body),
			diagnose.SuspectReencoded, []string{"keys are sorted, as Go's encoding/json does with a map, and other"},
		},
		"jsonb": {
			`{"link":{"code":"c"},"event":"e","timestamp":1}`,
			diagnose.SuspectReencoded, []string{"sorted by length, as PostgreSQL's jsonb"},
		},
		"a struct": {
			`{"timestamp":1,"event":"e","link":{"code":"c"}}`,
			diagnose.SuspectReencoded, []string{"another order than URLR's"},
		},
		"HTML's escapes": {with(`&b`, `\u0026b`), diagnose.SuspectReencoded, []string{"escapes characters of HTML"}},
		"needless escape": {
			with(`yBPhx`, `\u0079BPhx`),
			diagnose.SuspectReencoded, []string{"some of its characters or numbers in another way"},
		},

		"a fraction": {
			with(`1697398126`, `1697398126.5`),
			diagnose.SuspectContentChanged, []string{`"timestamp" is 1697398126.5 instead of an integer`},
		},
		"1.0": {
			`{"event":"e","link":{"code":"c","team":1.0},"timestamp":1}`,
			diagnose.SuspectContentChanged, []string{`"link.team" is 1.0`},
		},
		"an empty array": {
			`{"event":"e","link":[],"timestamp":1}`,
			diagnose.SuspectContentChanged, []string{`"link" is [] instead`},
		},
		"an empty object": {
			`{"event":"e","link":{},"timestamp":1}`,
			diagnose.SuspectContentChanged, []string{`"link" is {} instead`},
		},
		"null in words": {
			with(`"FR"`, `"null"`),
			diagnose.SuspectContentChanged, []string{`"country" is the string "null" instead of null`},
		},
		"a flag in words": {
			with(`"is_unique":true`, `"is_unique":"yes"`),
			diagnose.SuspectContentChanged, []string{`"is_unique" is "yes" instead of true or false`},
		},
		"NFD":    {with(`Cr\u00e9hen`, `Cre\u0301hen`), diagnose.SuspectContentChanged, []string{"NFD"}},
		"U+FFFD": {with(`Cr\u00e9hen`, `Cr\ufffdhen`), diagnose.SuspectContentChanged, []string{"U+FFFD"}},
		"mojibake": {
			with(`Cr\u00e9hen`, `Cr\u00c3\u00a9hen`),
			diagnose.SuspectContentChanged, []string{"Ã© for é"},
		},
		"?": {
			with(`Cr\u00e9hen`, `Cr?hen`),
			diagnose.SuspectContentChanged, []string{"question marks"},
		},
		"an ellipsis": {with(`Cr\u00e9hen`, `Cr...`), diagnose.SuspectContentChanged, []string{"ellipsis"}},
		"masked":      {with(`Cr\u00e9hen`, `[FILTERED]`), diagnose.SuspectContentChanged, []string{"masked"}},
		"a member missing": {
			with(`"system":"GNU\/Linux",`, ``),
			diagnose.SuspectContentChanged, []string{"it lacks system"},
		},
		"no event":  {`{"id":1}`, diagnose.SuspectContentChanged, []string{"not an event"}},
		"no object": {`"text"`, diagnose.SuspectContentChanged, []string{"not an event"}},
		"deep": {
			strings.Repeat("[", 20) + strings.Repeat("]", 20),
			diagnose.SuspectContentChanged, []string{"nested more deeply"},
		},

		"cut":              {body[:100], diagnose.SuspectNotJSON, []string{"breaks off after 100 bytes", "yBPhx"}},
		"cut in UTF-8":     {`{"a":"é`[:7], diagnose.SuspectNotJSON, []string{"breaks off after 7 bytes"}},
		"cut in an escape": {`{"a":"\u00`, diagnose.SuspectNotJSON, []string{"breaks off after 10 bytes"}},
		"wrong inside": {
			with(`"FR"`, `FR`),
			diagnose.SuspectNotJSON, []string{"goes wrong after 271 bytes", ` → "FR,`},
		},
		"Latin-1": {
			"{\"event\":\"\xe9t\xe9\"}",
			diagnose.SuspectNotJSON, []string{"after 10 bytes", "invalid UTF-8", `\xe9t\xe9`},
		},
		"twice":             {`{"event":"a","event":"b"}`, diagnose.SuspectNotJSON, []string{"a name occurs twice"}},
		"a surrogate":       {`{"event":"\ud83d"}`, diagnose.SuspectNotJSON, []string{"a lone surrogate"}},
		"terminal's codes":  {"\x1b[31m", diagnose.SuspectNotJSON, []string{`\x1b`}},
		"direction's codes": {"\u202e", diagnose.SuspectNotJSON, []string{`\u202e`}},
		"HTML":              {"<html>", diagnose.SuspectNotJSON, []string{"HTML or XML"}},
		"Go's fmt":          {"map[event:link_clicked]", diagnose.SuspectNotJSON, []string{"Go's fmt"}},
		"JavaScript's":      {"[object Object]", diagnose.SuspectNotJSON, []string{"JavaScript"}},
		"a form":            {"event=link_clicked&link=5", diagnose.SuspectNotJSON, []string{"a form"}},
		"zstd":              {"\x28\xb5\x2f\xfd\x00", diagnose.SuspectNotJSON, []string{"zstd"}},
		"spaces alone":      {"  \n", diagnose.SuspectNotJSON, []string{"only whitespace"}},
		"too large": {
			"x" + strings.Repeat(" ", diagnose.MaxBodyBytes),
			diagnose.SuspectNotJSON, []string{"goes wrong after 0 bytes"},
		},
		"single quotes": {"{'event':", diagnose.SuspectNotJSON, []string{"a language has printed"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := diagnose.Explain([]byte(test.body), core.Sign("unrelated", nil), secret)
			assert.Equal(t, diagnose.Unknown, r.Cause)
			assert.Equal(t, test.want, r.Suspicion, r.Found)
			for _, words := range test.words {
				assert.Contains(t, r.Found, words)
			}
			assert.NotEmpty(t, r.Why)
			assert.NotEmpty(t, r.Fix)
			assert.Contains(t, r.String(), "Suspicion: "+string(test.want)+"\n")
			assert.NotContains(t, r.Found, "\x1b")
			assert.NotContains(t, r.Found, "\u202e")
		})
	}
}

func sortedPlain(body string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(sorted([]byte(body))))
}

// A report with a cause has no suspicion.
func TestCausesHaveNoSuspicion(t *testing.T) {
	for _, s := range situations() {
		r := s.explain()
		assert.Equal(t, r.Cause == diagnose.Unknown, r.Suspicion != "", s.name)
	}
	assert.Empty(t, diagnose.Explain(delivery(), core.Sign(secret, delivery()), secret).Suspicion)
}

// A body in single quotes is not called the sample from the documentation.
func TestOtherSingleQuotes(t *testing.T) {
	for _, body := range []string{`{'event': 'link_clicked'}`, `{'event': 'link_clicked',}`, `['a']`, `'a'`} {
		r := diagnose.Explain([]byte(body), core.Sign("unrelated", nil), secret)
		assert.NotContains(t, r.String(), "documentation", body)
	}
	r := diagnose.Explain([]byte(sample), core.Sign("unrelated", nil), secret)
	assert.Contains(t, r.String(), "sample of URLR's documentation")
}

func TestSuspicionInJSON(t *testing.T) {
	encoded, err := json.Marshal(diagnose.Explain([]byte(`{"event":"e"}`), core.Sign("unrelated", nil), secret))
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"cause":"unknown","suspicion":"secret","found":"Nothing`)
}

// The keys are listed if they or their order differ.
func TestKeys(t *testing.T) {
	signed := []byte(`{"event":"link_clicked","link":{"id":"i","code":"<"},"timestamp":1}`)
	byMap := sorted(signed)
	r := diagnose.Explain(byMap, core.Sign(secret, signed), secret)
	assert.Equal(t, diagnose.KeyOrder, r.Cause)
	assert.Equal(t, []string{"event", "link", "link.code", "link.id", "timestamp"}, r.KeysReceived)
	assert.Equal(t, []string{"event", "link", "link.id", "link.code", "timestamp"}, r.KeysSigned)
	assert.Contains(
		t,
		r.String(),
		"Keys received: event, link, link.code, link.id, timestamp\n"+
			"Keys signed:   event, link, link.id, link.code, timestamp\n",
	)
	assert.Contains(t, r.Why, "map[string]any")
	byStruct := strings.Replace(string(signed), `"code":"<"},"timestamp":1`, `"code":"\u003c"}`, 1)
	byStruct = strings.Replace(byStruct, `{`, `{"timestamp":1,`, 1)
	assert.Contains(t, diagnose.Explain([]byte(byStruct), core.Sign(secret, signed), secret).Why, "decoded into a struct")
	encoded, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(
		t,
		string(encoded),
		`"keys_received":["event","link","link.code","link.id","timestamp"],"keys_signed":["event",`,
	)

	byOthers := strings.ReplaceAll(string(byMap), `\u003c`, "<")
	assert.NotContains(t, diagnose.Explain([]byte(byOthers), core.Sign(secret, signed), secret).Why, "map[string]any")

	r = diagnose.Explain([]byte(`{"event":"e","\u202e, ":1}`), core.Sign(secret, []byte(`{"event":"e"}`)), secret)
	assert.Equal(t, diagnose.AddedMembers, r.Cause)
	assert.Contains(t, r.String(), `Keys received: event, "\u202e, "`+"\n")

	for name, same := range map[string]string{
		"spaces": `{ "event":"e"}`, "escapes": `{"event":"\u0065"}`, "not JSON": "\ufeff" + `{"event":"e"}`,
	} {
		r := diagnose.Explain([]byte(same), core.Sign(secret, []byte(`{"event":"e"}`+"\n")), secret)
		assert.Nil(t, r.KeysReceived, name)
		assert.NotContains(t, r.String(), "Keys", name)
	}
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, `"k%d":1,`, i)
	}
	r = diagnose.Explain(
		[]byte(`{`+many.String()+`"a":1}`),
		core.Sign(secret, []byte(`{`+strings.TrimSuffix(many.String(), ",")+`}`)),
		secret,
	)
	assert.Equal(t, diagnose.AddedMembers, r.Cause)
	assert.Nil(t, r.KeysReceived, "too many to be read")
}
