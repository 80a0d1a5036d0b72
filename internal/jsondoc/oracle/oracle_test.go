package oracle_test

import (
	"bytes"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// FuzzScanner checks that a Scanner accepts the same texts as jsontext, with the same tokens.
func FuzzScanner(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	vectors, err := os.ReadFile("../../../core/testdata/canonical.jsonl")
	require.NoError(f, err)
	for line := range bytes.Lines(vectors) {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		valid := jsontext.Value(text).IsValid()
		require.Equal(t, valid, jsondoc.Valid(text), "%q", text)
		if valid {
			requireSameTokens(t, text)
		}
	})
}

func requireSameTokens(t *testing.T, text []byte) {
	t.Helper()
	var s jsondoc.Scanner
	s.Reset(text)
	decoder := jsontext.NewDecoder(bytes.NewBuffer(text))
	for {
		want, err := decoder.ReadToken()
		if err != nil {
			require.Equal(t, jsondoc.End, s.Next(), "%q", text)
			return
		}
		container, length := decoder.StackIndex(decoder.StackDepth())
		isName := want.Kind() == '"' && container == '{' && length%2 == 1
		kind := s.Next()
		require.Equal(t, kindOf(want, isName), kind, "%q", text)
		require.EqualValues(t, decoder.InputOffset(), s.Offset(), "%q", text)
		if kind == jsondoc.String || kind == jsondoc.Name {
			require.Equal(t, want.String(), string(s.Text()), "%q", text)
		}
		if kind == jsondoc.Number {
			require.Equal(t, want.String(), string(s.Literal()))
		}
	}
}

func kindOf(token jsontext.Token, isName bool) jsondoc.Kind {
	if isName {
		return jsondoc.Name
	}
	return jsondoc.Kind(token.Kind())
}

// Both reject texts nested deeper than 10,000.
func TestDepth(t *testing.T) {
	for _, depth := range []int{jsondoc.MaxDepth, jsondoc.MaxDepth + 1} {
		for _, nested := range []string{
			strings.Repeat("[", depth) + strings.Repeat("]", depth),
			strings.Repeat(`{"":`, depth) + "0" + strings.Repeat("}", depth),
		} {
			require.Equal(t, depth == jsondoc.MaxDepth, jsondoc.Valid([]byte(nested)))
			require.Equal(t, depth == jsondoc.MaxDepth, jsontext.Value(nested).IsValid())
		}
	}
}

// FuzzNumber checks numbers in the JavaScript form.
func FuzzNumber(f *testing.F) {
	for _, bits := range []uint64{
		0, 1, 1 << 63, 0x3ff0000000000000, 0x7fefffffffffffff, 0x000fffffffffffff, 0x4340000000000001,
	} {
		f.Add(bits)
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		double := math.Float64frombits(bits)
		if math.IsNaN(double) || math.IsInf(double, 0) || double == 0 {
			return // jsontext keeps the sign of -0
		}
		for _, format := range []byte("eEfg") {
			var forms jsondoc.Forms
			forms.Write(strconv.AppendFloat(nil, double, format, -1, 64))
			js, err := forms.JS()
			require.NoError(t, err)
			require.Equal(t, jsontext.Float(double).String(), string(js))
		}
	})
}

var seeds = []string{
	`{"a":[1,-2.5e+7,"\"\\\/",true,false,null,{},[]],"b":{"\u0061":""}}`, " [ 1 , 2 ]\n", `"a"`, `-0`, `1E5 `,
	"{\"é\":\"\x7f\u2028\"}",
	`{"a":1,"\u0061":2}`, `{"a":{"b":1},"b":[{"c":1},{"c":2}]}`, `"\ud83d\ude00\ud83d"`, `"\ude00"`,
	"\"\xed\xa0\x80\"", "\"\x1f\"", `01`, `1.`, `.5`, `1e`, `+1`, `[1,]`,
	`{"a":1,}`, `{"a"}`, `{1:2}`, `[1 2]`, `nul`, `nulll`, `truefalse`, `{} {}`, "\ufeff1", `"`, `"\`, `"\u12`,
	`"\x"`, `]`, `[}`, `{]`,
	strings.Repeat("[", 40) + strings.Repeat("]", 40),
	`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14,"o":15,"p":16,"q":17,"r":18}`,
	`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14,"o":15,"p":16,"q":17,"\u0071":18}`,
}
