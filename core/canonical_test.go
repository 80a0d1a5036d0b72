package core_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// A vector is a document with the output of Node.js 20 and PHP 8.2. The expectation is "match" (the
// engine's bytes) or "refuse".
type vector struct {
	ID        string `json:"id"`
	Body      []byte `json:"body"`
	Node      []byte `json:"node"`
	PHP       []byte `json:"php"`
	SigRaw    string `json:"sig_raw"`
	SigNode   string `json:"sig_node"`
	SigPHP    string `json:"sig_php"`
	JSExpect  string `json:"js_expect"`
	PHPExpect string `json:"php_expect"`
}

// vectorSecret keys the signatures of the vectors.
const vectorSecret = "whsec_test_2f9c"

func vectors(t testing.TB) []vector {
	t.Helper()
	f, err := os.Open("testdata/canonical.jsonl")
	require.NoError(t, err)
	defer f.Close()
	var all []vector
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		all = append(all, v)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, all)
	return all
}

func TestCanonicalizeAgreesWithTheEngines(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			checkForm(t, v.Body, core.FormPHP, v.PHPExpect, v.PHP)
			checkForm(t, v.Body, core.FormJS, v.JSExpect, v.Node)
		})
	}
}

func checkForm(t *testing.T, body []byte, form core.Form, expect string, engine []byte) {
	t.Helper()
	got, err := core.Canonicalize([]byte("dst:"), body, form)
	if expect == "refuse" {
		require.ErrorIs(t, err, core.ErrNoCanonicalForm, "%v", form)
		assert.Equal(t, "dst:", string(got), "%v", form)
		return
	}
	require.NoError(t, err, "%v", form)
	assert.Equal(t, "dst:"+string(engine), string(got), "%v", form)
}

func TestVerifierAcceptsWhatTheEnginesSign(t *testing.T) {
	verifier := core.MustVerifier(vectorSecret)
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			authenticate := func(signature string) ([]byte, error) {
				authentic, _, err := verifier.Authenticate(context.Background(), v.Body, signature)
				return authentic, err
			}
			authentic, err := authenticate(v.SigRaw)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(v.Body, authentic))
			if v.PHPExpect == "match" {
				authentic, err = authenticate(v.SigPHP)
				require.NoError(t, err)
				assert.Equal(t, string(v.PHP), string(authentic))
			} else if v.SigPHP != v.SigRaw && v.SigPHP != "" {
				_, err = authenticate(v.SigPHP)
				require.ErrorIs(t, err, core.ErrSignatureMismatch)
			}
			if v.JSExpect == "match" {
				authentic, err = authenticate(v.SigNode)
				require.NoError(t, err)
				assert.Equal(t, string(v.Node), string(authentic))
			} else if v.SigNode != v.SigRaw && v.SigNode != "" && v.SigNode != v.SigPHP {
				_, err = authenticate(v.SigNode)
				assert.ErrorIs(t, err, core.ErrSignatureMismatch)
			}
		})
	}
}

func TestCanonicalize(t *testing.T) {
	const same = "\x00same"
	for _, test := range []struct{ name, body, php, js string }{
		{"whitespace", " { \"a\" :\t[ 1 ,\r\n2 ] } ", `{"a":[1,2]}`, same},
		{
			"nesting", `{"a":{},"b":[[],{}],"c":[{"d":[null,true,false]}]}`,
			`{"a":{},"b":[[],{}],"c":[{"d":[null,true,false]}]}`, same,
		},
		{"scalar", ` "a" `, `"a"`, same},
		{"slash", `"/\/"`, `"\/\/"`, same},
		{"accent", `"é\u00e9"`, `"\u00e9\u00e9"`, `"éé"`},
		{"emoji", `"😀\ud83d\ude00"`, `"\ud83d\ude00\ud83d\ude00"`, `"😀😀"`},
		{"line separators", `"\u2028\u2029"`, `"\u2028\u2029"`, "\"\u2028\u2029\""},
		{"escapes", `"\"\\\b\f\n\r\t\u0008"`, `"\"\\\b\f\n\r\t\b"`, same},
		{"controls", "\"\\u0000\\u001F\x7f\"", "\"\\u0000\\u001f\x7f\"", same},
		{
			"integers", `[0,-1,123456789012345,9007199254740993]`, `[0,-1,123456789012345,9007199254740993]`,
			`[0,-1,123456789012345,9007199254740992]`,
		},
		{
			"int64 ends", `[9223372036854775807,-9223372036854775808]`,
			`[9223372036854775807,-9223372036854775808]`, `[9223372036854776000,-9223372036854776000]`,
		},
		{
			"beyond int64", `[9223372036854775808,100000000000000000000,1000000000000000000000]`,
			`[9.223372036854776e+18,1.0e+20,1.0e+21]`, `[9223372036854776000,100000000000000000000,1e+21]`,
		},
		{"zeros", `[-0,-0.0,0.0,0e5]`, `[0,-0,0,0]`, `[0,0,0,0]`},
		{
			"many doubles", `[1.0,0.1,0.0001,0.00001,1e16,1e17,1.5e300,5e-324]`,
			`[1,0.1,0.0001,1.0e-5,10000000000000000,1.0e+17,1.5e+300,5.0e-324]`,
			`[1,0.1,0.0001,0.00001,10000000000000000,100000000000000000,1.5e+300,5e-324]`,
		},
		{"underflow", `1e-400`, `0`, `0`},
		{"overflow", `1e309`, "", ""},
		{"duplicate name", `{"a":{"b":1,"\u0062":2}}`, "", ""},
		{"array index", `{"b":1,"7":2}`, `{"b":1,"7":2}`, ""},
		{"escaped array index", `{"\u0037":2}`, `{"7":2}`, ""},
		{"largest array index", `{"4294967294":2}`, `{"4294967294":2}`, ""},
		{
			"no array index", `{"4294967295":1,"01":2,"-1":3,"1.0":4,"":5,"12345678901":6}`,
			`{"4294967295":1,"01":2,"-1":3,"1.0":4,"":5,"12345678901":6}`, same,
		},
		{"index as a value", `{"a":"7","b":["7"]}`, `{"a":"7","b":["7"]}`, same},
		{"NUL name", `{"\u0000a":1}`, "", `{"\u0000a":1}`},
		{"NUL later", `{"a\u0000":"\u0000"}`, `{"a\u0000":"\u0000"}`, same},
		{"lone surrogate", `"\ud83d"`, "", ""},
		{"invalid UTF-8", "\"\xff\"", "", ""},
		{"empty", ``, "", ""},
		{"whitespace only", ` `, "", ""},
		{"two values", `1 2`, "", ""},
		{"trailing comma", `[1,]`, "", ""},
		{"byte order mark", "\ufeff{}", "", ""},
		{
			"depth 511", strings.Repeat("[", 511) + strings.Repeat("]", 511),
			strings.Repeat("[", 511) + strings.Repeat("]", 511), same,
		},
		{"depth 512", strings.Repeat("[", 512) + strings.Repeat("]", 512), "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			js := test.js
			if js == same {
				js = test.php
			}
			check := func(form core.Form, want string) {
				expect := "match"
				if want == "" {
					expect = "refuse"
				}
				checkForm(t, []byte(test.body), form, expect, []byte(want))
			}
			check(core.FormPHP, test.php)
			check(core.FormJS, js)
		})
	}
}

// A body that needs far more work than a real one has no canonical form.
func TestExpensiveDocumentsHaveNoCanonicalForm(t *testing.T) {
	const halfway = "1.00000000000000011102230246251565404236316680908203125" // between 1 and the next double
	list := func(n int, element string) string { return "[" + strings.Repeat(element+",", n-1) + element + "]" }
	nested := func(n int, open, inside, end string) string {
		return strings.Repeat(open, n) + inside + strings.Repeat(end, n)
	}
	for _, test := range []struct{ name, cheap, expensive string }{
		{"doubles", list(8, "0.1"), list(9, "0.1")},
		{
			"doubles among integers", "[" + list(8, "-0") + "," + list(500, "123456789012345") + "]",
			list(8, "-0")[:17] + list(500, "1") + ",1e2]",
		},
		{"costly: subnormal", "[0.1,1e-330,5e-324,5e-324]", "[0.1,5e-324,1e-308,2.2250738585072011e-308]"},
		{"costly: near halfway", list(2, halfway+"1"), "[" + halfway + "1," + halfway + "1,1e-308]"},
		{"exactly halfway is not costly", list(8, "9007199254740993"), list(9, "9007199254740993")},
		{
			"many digits are not costly", list(8, "1234567890.12345678901234567890"),
			list(9, "1234567890.12345678901234567890"),
		},
		{
			"zeros are not costly", list(8, "0.00000000000000000000000000e-999"),
			list(9, "0.00000000000000000000000000e-999"),
		},
		{"digits", "0." + strings.Repeat("1", 128), "0." + strings.Repeat("1", 129)},
		{"length", "0." + strings.Repeat("0", 1021) + "1", "0." + strings.Repeat("0", 1022) + "1"},
		{"scalars", list(600, "1"), list(601, "1")},
		{"names and scalars", list(300, `{"a":1}`), `[` + list(300, `{"a":1}`) + `,true]`},
		{"tokens", list(766, "[]"), list(767, "[]")},
		{"nested objects", nested(511, `{"a":`, "1", "}"), nested(512, `{"a":`, "1", "}")},
		{
			"accents", `["` + strings.Repeat("é", 1000) + `","` + strings.Repeat("é", 22) + `"]`,
			`["` + strings.Repeat("é", 1000) + `","` + strings.Repeat("é", 23) + `"]`,
		},
		{"slashes", `"` + strings.Repeat("/", 2046) + `"`, `"` + strings.Repeat("/", 2047) + `"`},
		{
			"a slash in a long string", `"/` + strings.Repeat("a", 2045) + `"`,
			`"/` + strings.Repeat("a", 2046) + `"`,
		},
		{
			"a long string that is not rewritten", `"` + strings.Repeat("a", 60000) + `"`,
			`"` + strings.Repeat("a", 60000) + `/"`,
		},
		{"escape sequences", `"` + strings.Repeat(`\n`, 2048) + `"`, `"` + strings.Repeat(`\n`, 2049) + `"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, form := range []core.Form{core.FormPHP, core.FormJS} {
				_, err := core.Canonicalize(nil, []byte(test.cheap), form)
				require.NoError(t, err, "%v", form)
			}
			_, err := core.Canonicalize(nil, []byte(test.expensive), core.FormPHP)
			require.ErrorIs(t, err, core.ErrNoCanonicalForm)
			authentic, form, err := core.MustVerifier(
				secret,
			).Authenticate(
				t.Context(),
				[]byte(test.expensive),
				core.Sign(secret, []byte(test.expensive)),
			)
			require.NoError(t, err, "its raw bytes can match")
			require.Equal(t, core.FormRaw, form)
			require.Equal(t, test.expensive, string(authentic))
		})
	}
}
