package jsondoc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// tokens returns the tokens of a text as "kind literal". The last one is "end" or an error.
func tokens(s *jsondoc.Scanner, text string) (list []string) {
	s.Reset([]byte(text))
	for {
		switch kind := s.Next(); kind {
		case jsondoc.End:
			return append(list, "end")
		case jsondoc.Invalid:
			return append(list, fmt.Sprintf("%v at %d", s.Err(), s.Offset()))
		default:
			list = append(list, fmt.Sprintf("%c %s", kind, s.Literal()))
		}
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string][]string{
		`{"a" : [1, -2.5e+7 ,true],"\u0062":{"c":null}}`: {
			"{ {", `: "a"`, "[ [", "0 1", "0 -2.5e+7", "t true", "] ]",
			`: "\u0062"`, "{ {", `: "c"`, "n null", "} }", "} }", "end",
		},
		" \"é\" \n": {`" "é"`, "end"},
		`[[],{}]`:   {"[ [", "[ [", "] ]", "{ {", "} }", "] ]", "end"},
		`false`:     {"f false", "end"},
	} {
		assert.Equal(t, want, tokens(new(jsondoc.Scanner), text), text)
	}
}

func TestInvalidDocuments(t *testing.T) {
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf(`"n%d":0`, i)
	}
	for _, test := range []struct {
		text   string
		err    error
		offset int
	}{
		{``, jsondoc.ErrSyntax, 0},
		{` `, jsondoc.ErrSyntax, 1},
		{`[1,]`, jsondoc.ErrSyntax, 3},
		{`[1 2]`, jsondoc.ErrSyntax, 3},
		{`[1}`, jsondoc.ErrSyntax, 2},
		{`{"a":1]`, jsondoc.ErrSyntax, 6},
		{`{"a" 1}`, jsondoc.ErrSyntax, 5},
		{`{"a":}`, jsondoc.ErrSyntax, 5},
		{`{"a":1,}`, jsondoc.ErrSyntax, 7},
		{`{,}`, jsondoc.ErrSyntax, 1},
		{`{a:1}`, jsondoc.ErrSyntax, 1},
		{`{"a":1}x`, jsondoc.ErrSyntax, 7},
		{`1 2`, jsondoc.ErrSyntax, 2},
		{`"a`, jsondoc.ErrSyntax, 2},
		{`"\x"`, jsondoc.ErrSyntax, 1},
		{`"\u12g4"`, jsondoc.ErrSyntax, 1},
		{`"\u123`, jsondoc.ErrSyntax, 1},
		{`"\`, jsondoc.ErrSyntax, 1},
		{"\"a\nb\"", jsondoc.ErrSyntax, 2},
		{"\"a\x00\"", jsondoc.ErrSyntax, 2},
		{"\x00", jsondoc.ErrSyntax, 0},
		{"1\x00", jsondoc.ErrSyntax, 1},
		{`01`, jsondoc.ErrSyntax, 0},
		{`-`, jsondoc.ErrSyntax, 0},
		{`1.`, jsondoc.ErrSyntax, 0},
		{`1e+`, jsondoc.ErrSyntax, 0},
		{`nul`, jsondoc.ErrSyntax, 0},
		{`[nulL]`, jsondoc.ErrSyntax, 1},
		{"\ufeff1", jsondoc.ErrSyntax, 0},
		{"\"\xff\"", jsondoc.ErrUTF8, 0},
		{`["\ud83d"]`, jsondoc.ErrLoneSurrogate, 2},
		{`["\ude00\ud83d"]`, jsondoc.ErrLoneSurrogate, 2},
		{`["\ud83d\u0041"]`, jsondoc.ErrLoneSurrogate, 2},
		{`{"a":1,"a":2}`, jsondoc.ErrDuplicateName, 12},
		{`{"a":{"b":1,"\u0062":2}}`, jsondoc.ErrDuplicateName, 22},
		{"{" + strings.Join(many, ",") + `,"n7":1}`, jsondoc.ErrDuplicateName, 317},
		{strings.Repeat("[", jsondoc.MaxDepth+1), jsondoc.ErrTooDeep, jsondoc.MaxDepth},
	} {
		var s jsondoc.Scanner
		list := tokens(&s, test.text)
		assert.Equal(t, fmt.Sprintf("%v at %d", test.err, test.offset), list[len(list)-1], "%.60q", test.text)
		assert.Equal(t, jsondoc.Invalid, s.Next(), "it stays so")
	}
	assert.True(t, jsondoc.Valid([]byte("{"+strings.Join(many, ",")+"}")))
}

// Names are compared unescaped, within each object.
func TestNames(t *testing.T) {
	for text, valid := range map[string]bool{
		`{"a":1,"b":2,"A":3,"":4,"aa":5,"é":6}`:      true,
		`[{"a":1},{"a":2}]`:                          true,
		`{"a":{"a":{"a":1}},"b":{"a":1}}`:            true,
		`{"a":{"x":1,"y":2},"b":3,"a":4}`:            false,
		`{"":1,"":2}`:                                false,
		`{"é":1,"\u00e9":2}`:                         false,
		`{"\/":1,"/":2}`:                             false,
		`{"\ud83d\ude00":1,"😀":2}`:                   false,
		`{"a":{"b":{"c":1,"c":2}}}`:                  false,
		`{"\u00611":1,"\u0061":2,"a":{"b":1}}`:       false,
		`{"\u0061":{"\u0062":1},"\u0063":{"b":1}}`:   true,
		`{"\u0061":{"\u0062":1},"b":1,"\u0061 ":{}}`: true,
	} {
		assert.Equal(t, valid, jsondoc.Valid([]byte(text)), text)
		s := jsondoc.Scanner{AllowDuplicateNames: true}
		list := tokens(&s, text)
		assert.Equal(t, "end", list[len(list)-1], text)
	}
}

func TestLoneSurrogates(t *testing.T) {
	s := jsondoc.Scanner{AllowLoneSurrogates: true}
	s.Reset([]byte(`["a","\ud83d\ude00","x\ud83d!","\ude00\ud83d\ude00"]`))
	require.Equal(t, jsondoc.ArrayStart, s.Next())
	for _, test := range []struct {
		text string
		lone bool
	}{{"a", false}, {"😀", false}, {"x\ufffd!", true}, {"\ufffd😀", true}} {
		require.Equal(t, jsondoc.String, s.Next())
		assert.Equal(t, test.text, string(s.Text()))
		assert.Equal(t, test.lone, s.LoneSurrogate)
	}
	assert.True(t, s.LoneSurrogate, "until it is cleared")
}

func TestSkip(t *testing.T) {
	var s jsondoc.Scanner
	s.Reset([]byte(`{"a":[1,{"b":[]},"x"],"c":1,"d":{}}`))
	require.Equal(t, jsondoc.ObjectStart, s.Next())
	for _, name := range []string{"a", "c", "d"} {
		require.Equal(t, jsondoc.Name, s.Next())
		assert.Equal(t, name, string(s.Text()))
		s.Skip(s.Next())
	}
	assert.Equal(t, jsondoc.ObjectEnd, s.Next())
	assert.Equal(t, jsondoc.End, s.Next())

	s.Reset([]byte(`[[1,`))
	require.Equal(t, jsondoc.ArrayStart, s.Next())
	s.Skip(s.Next())
	assert.Equal(t, jsondoc.ErrSyntax, s.Err())
}

func TestIntegers(t *testing.T) {
	for literal, want := range map[string]int64{
		"0": 0, "-0": 0, "5": 5, "-5": -5, "5.0": 5, "5e0": 5, "0.5e1": 5, "50e-1": 5,
		"123456789012345": 123456789012345, "9007199254740991": 1<<53 - 1, "-9007199254740991": -(1<<53 - 1),
		"1e-400": 0, "5.00000000000000000000000001": 5,
	} {
		n, ok := integer(literal)
		assert.True(t, ok, literal)
		assert.Equal(t, want, n, literal)
	}
	for _, literal := range []string{
		"5.5", "9007199254740992", "-1e16", "1e300", "1e400", "5e-324", "0." + strings.Repeat("1", 2000),
		"5." + strings.Repeat("0", 127) + "1", "5." + strings.Repeat("0", 1100),
	} {
		_, ok := integer(literal)
		assert.False(t, ok, literal)
	}
}

func integer(literal string) (int64, bool) {
	var s jsondoc.Scanner
	s.Reset([]byte(literal))
	s.Next()
	return s.Integer()
}
