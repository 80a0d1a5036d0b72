package main

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// An adversary is a kind of body, made to be expensive to refuse.
type adversary struct {
	name string
	body filler
	// broken bodies are no I-JSON (RFC 7493).
	broken bool
}

func adversaries() []adversary {
	var all []adversary
	for _, family := range [][]adversary{ordinary(), numbers(), names(), nesting(), strs(), punctuation(), eventFields(), broken()} {
		all = append(all, family...)
	}
	return all
}

// ordinary bodies are large, but not odd.
func ordinary() []adversary {
	return []adversary{
		{name: "one long string", body: text("Newsletter ")},
		{name: "accents and slashes", body: text("Été 2026/")},
		{name: "many small objects", body: array(`{"id":12,"city":"Paris","bot":false}`)},
		{name: "short integers", body: array("1")},
		{name: "event in an event", body: array(string(body))},
		{name: "random values", body: randomValues()},
	}
}

// numbers are what floating point makes expensive. The ones that appear a few times are for a limit to their count.
func numbers() []adversary {
	var all []adversary
	for _, n := range []string{
		"5e-324", "1e-330", "1e-308", "2.2250738585072011e-308", "2.2250738585072014E-308", "1e20", "1e16", "1e17", "1e21", "1e22", "1e23",
		"0.1", "1.5", "0.30000000000000004", "1e308", "1.7976931348623157e308", "9007199254740993.0", "9007199254740993",
		"1.00000000000000011102230246251565404236316680908203125", "8.41e21", "5e-7", "1e-7", "1E+2", "1e0000001", "-0", "-0.0", "0e0", "-1",
		"1234567890123456", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1234567890123456789012345",
		"123456789012345", "3.141592653589793", "179769313486231580793e289", "7.2057594037927933e16", "1e-400",
	} {
		all = append(all, adversary{name: "numbers: " + n, body: array(n)})
	}
	for _, n := range []string{"5e-324", "1e-330", "2.2250738585072011e-308", "1.7976931348623157e308", "9007199254740993.0"} {
		all = append(all, adversary{name: "one number: " + n, body: few(1, n)}, adversary{name: "five numbers: " + n, body: few(5, n)},
			adversary{name: "16 numbers: " + n, body: few(16, n)})
	}
	return append(all,
		adversary{name: "numbers: random 17 digits", body: fill(event+`[`, ",", `]`+eventEnd, randomDouble())},
		adversary{name: "numbers: subnormal, 17 digits", body: fill(event+`[`, ",", `]`+eventEnd, randomSubnormal())},
		adversary{name: "number of one fraction", body: fill(event+`[0.`, "", `1]`+eventEnd, cycle("7"))},
		adversary{name: "number of one exponent", body: fill(event+`[1e`, "", `1]`+eventEnd, cycle("0"))},
		adversary{name: "number 0.000…1", body: fill(event+`[0.`, "", `1]`+eventEnd, cycle("0"))},
		adversary{name: "number 1000…e-n", body: fill(event+`[1`, "", `e-65000]`+eventEnd, cycle("0"))},
		adversary{name: "number of digits that overflows", body: fill(event+`[1`, "", `1]`+eventEnd, cycle("7"))},
		adversary{name: "numbers: an overflow at the end", body: late(`,1e400]}`)},
		adversary{name: "numbers of 300 digits", body: array(strings.Repeat("7", 300))},
		adversary{name: "numbers of 800 digits near half an ulp", body: array("1.0000000000000001110223024625156540423631668090820312" + strings.Repeat("4", 750))},
		adversary{name: "numbers of 800 digits, subnormal", body: array("4." + strings.Repeat("9406564584124654", 50) + "e-324")},
	)
}

func names() []adversary {
	long := strings.Repeat("n", 240)
	withNames := func(n int) filler { return array(objectOf(n)) }
	return []adversary{
		{name: "names: short", body: object(numbered)},
		{name: "names: same length", body: object(fixed("", ""))},
		{name: "names: descending", body: object(func(i int) string { return fixed("", "")(36*36*36 - i) })},
		{name: "names: shared prefix", body: object(fixed("common_prefix_of_names_", ""))},
		{name: "names: long shared prefix", body: object(fixed(long, ""))},
		{name: "names: long shared suffix", body: object(fixed("", long))},
		{name: "names: same ends", body: object(fixed("prefix__", "__suffix"))},
		{name: "names: growing", body: object(func(i int) string { return strings.Repeat("n", i+1) })},
		{name: "names: colliding in hashes times 31", body: object(colliding("Aa", "BB"))},
		{name: "names: colliding in hashes times 33", body: object(colliding("bB", "ac"))},
		{name: "names: colliding in sums", body: object(colliding("ab", "ba"))},
		{name: "names: colliding in FNV-1a", body: object(collidingFNV())},
		{name: "names: array indices", body: object(strconv.Itoa)},
		{name: "names: escaped", body: object(func(i int) string { return `\u00e9\/` + numbered(i) })},
		{name: "names: fully escaped", body: object(func(i int) string { return escaped(fixed("", "")(i)) })},
		{name: "names: accents", body: object(func(i int) string { return "é" + numbered(i) })},
		{name: "names: U+0000", body: object(func(i int) string { return `\u0000` + numbered(i) })},
		{name: "names: one of 64 KiB", body: fill(event+`{"`, "", `":0}`+eventEnd, cycle("n"))},
		{name: "names: one of 64 KiB, escaped", body: fill(event+`{"`, "", `":0}`+eventEnd, cycle(`\u00e9`))},
		{name: "names: 1 in each object", body: withNames(1)},
		{name: "names: 2 in each object", body: withNames(2)},
		{name: "names: 4 in each object", body: withNames(4)},
		{name: "names: 8 in each object", body: withNames(8)},
		{name: "names: 9 in each object", body: withNames(9)},
		{name: "names: 16 in each object", body: withNames(16)},
		{name: "names: 17 in each object", body: withNames(17)},
		{name: "names: 32 in each object", body: withNames(32)},
		{name: "names: 33 in each object", body: withNames(33)},
		{name: "names: 64 in each object", body: withNames(64)},
		{name: "names: 65 in each object", body: withNames(65)},
		{name: "names: 128 in each object", body: withNames(128)},
		{name: "names: 256 in each object", body: withNames(256)},
		{name: "names: empty name in each object", body: array(`{"":0}`)},
		{name: "names: one large object, many small", body: fill(event+`{`, ",", `}`+eventEnd, func(i int) string {
			return `"` + numbered(i) + `":{"a":0}`
		})},
	}
}

// objectOf returns an object of n members.
func objectOf(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"` + numbered(i) + `":0`
	}
	return `{` + strings.Join(members, ",") + `}`
}

func nesting() []adversary {
	return []adversary{
		{name: "nesting: arrays 500 deep, again and again", body: array(nested(500, "[", "", "]"))},
		{name: "nesting: objects 500 deep, again and again", body: array(nested(500, `{"":`, "0", "}"))},
		{name: "nesting: hundreds of brackets, 500 deep", body: deep(498, "[", []string{"[]"}, "]")},
		{name: "nesting: objects, 500 deep", body: deep(498, "[", []string{"{}"}, "]")},
		{name: "nesting: names below 400 objects", body: deep(400, `{"a":`, []string{`{"b":0,"c":0}`}, `}`)},
		{name: "nesting: 400 below 100", body: deep(100, "[", []string{nested(400, "[", "", "]")}, "]")},
		{name: "nesting: two members at each level", body: array(nested(200, `{"a":0,"b":`, "0", "}"))},
		{name: "nesting: 16 members at each level", body: array(nested(150, strings.TrimSuffix(objectOf(16), "}")+`,"z":`, "0", "}"))},
		{name: "nesting: open names at each level", body: array(nested(200, `{"a":0,"b":`, "0", `,"c":0,"d":0}`))},
		{name: "nesting: too deep", body: fill(event, "", strings.Repeat("]", 600)+eventEnd, onceThen(strings.Repeat("[", 600), " "))},
		{name: "nesting: too deep at the end", body: fill(event+`[`, ",", ","+nested(600, "[", "", "]")+`]`+eventEnd, smallObject)},
		{name: "nesting: arrays thousands deep", body: deepest("[", "", "]")},
		{name: "nesting: objects thousands deep", body: deepest(`{"":`, "0", "}")},
		{name: "nesting: 64 KiB of [", broken: true, body: fill("", "", "", cycle("["))},
		{name: `nesting: 64 KiB of {"":`, broken: true, body: fill("", "", "", cycle(`{"":`))},
	}
}

// onceThen returns first, and then others.
func onceThen(first, then string) func(i int) string {
	return func(i int) string {
		if i == 0 {
			return first
		}
		return then
	}
}

// strs are strings that are written in another way than they are read.
func strs() []adversary {
	return []adversary{
		{name: "string: /", body: text("/")},
		{name: `string: \/`, body: text(`\/`)},
		{name: `string: \"`, body: text(`\"`)},
		{name: `string: \\`, body: text(`\\`)},
		{name: `string: \n`, body: text(`\n`)},
		{name: `string: \u00e9`, body: text(`\u00e9`)},
		{name: `string: \u0041`, body: text(`\u0041`)},
		{name: `string: \u002f`, body: text(`\u002f`)},
		{name: `string: \u0000`, body: text(`\u0000`)},
		{name: `string: \uFFFF`, body: text(`\uFFFF`)},
		{name: `string: \ud83d\ude00`, body: text(`\ud83d\ude00`)},
		{name: "string: all control characters", body: text(`\u0001`, `\b`, `\t`, `\n`, `\f`, `\r`, `\u001f`)},
		{name: "string: é", body: text("é")},
		{name: "string: €", body: text("€")},
		{name: "string: 😀", body: text("😀")},
		{name: "string: U+2028", body: text("\u2028")},
		{name: "string: U+007F", body: text("\u007f")},
		{name: "string: aé", body: text("aé")},
		{name: "string: a/", body: text("a/")},
		{name: `string: a\n`, body: text(`a\n`)},
		{name: "string: é/", body: text("é/")},
		{name: "string: é€😀/", body: text("é€😀/")},
		{name: "string: random characters", body: randomText()},
		{name: "strings: empty", body: array(`""`)},
		{name: "strings: of a letter", body: array(`"a"`)},
		{name: "strings: of 8 letters", body: array(`"abcdefgh"`)},
		{name: "strings: /", body: array(`"/"`)},
		{name: "strings: é", body: array(`"é"`)},
		{name: `strings: \n`, body: array(`"\n"`)},
		{name: `strings: \u00e9`, body: array(`"\u00e9"`)},
		{name: `strings: \ud83d\ude00`, body: array(`"\ud83d\ude00"`)},
		{name: "strings: 😀", body: array(`"😀"`)},
		{name: "strings: mixed", body: array(`"/"`, `"é"`, `"a"`, `"\n"`, `""`)},
	}
}

func punctuation() []adversary {
	return []adversary{
		{name: "white space", body: array(strings.Repeat(" ", 1000) + "0")},
		{name: "white space between tokens", body: array("\t\r\n 0 \t\r\n")},
		{name: "white space in objects", body: array("{ \n \"a\" \n : \n 0 \n }")},
		{name: "white space after names", body: fill(event+`{"a"`, "", ":0}"+eventEnd, cycle(" "))},
		{name: "white space alone", broken: true, body: fill("", "", "", cycle(" "))},
		{name: "[]", body: array("[]")},
		{name: "{}", body: array("{}")},
		{name: "true", body: array("true")},
		{name: "null", body: array("null")},
		{name: "mixed literals", body: array("true", "0", "null", "[]", "false", "{}", `""`)},
		{name: "commas", broken: true, body: fill("[", "", "]", cycle(","))},
	}
}

// eventFields are events, of which more is read than of other bodies.
func eventFields() []adversary {
	field := func(name, characters string) filler {
		return fill(`{"event":"link_clicked","`+name+`":"`, "", `"}`, cycle(characters))
	}
	label := func(characters string) filler {
		return fill(`{"event":"link_clicked","link":{"label":"`, "", `"}}`, cycle(characters))
	}
	return []adversary{
		{name: "event: long label", body: label("a")},
		{name: "event: long label of /", body: label("/")},
		{name: `event: long label of \u00e9`, body: label(`\u00e9`)},
		{name: `event: long label of \n`, body: label(`\n`)},
		{name: `event: long city of \u00e9`, body: field("city", `\u00e9`)},
		{name: "event: long type", body: fill(`{"event":"`, "", `"}`, cycle("a"))},
		{name: "event: 60 KiB of unknown members", body: fill(strings.TrimSuffix(string(body), "}")+`,`, ",", "}", func(i int) string {
			return `"unknown_` + numbered(i) + `":"value ` + numbered(i) + `"`
		})},
		{name: "event: members of its link", body: fill(`{"event":"link_clicked","link":{`, ",", "}}", func(i int) string { return `"` + numbered(i) + `":"/"` })},
		{name: "event: drift", body: fill(`{"event":"link_clicked","country":1,"city":[],"region":{},"system":0.5,"is_unique":"","link":{"team":"x","folder":1e400,"id":[`, ",",
			`]},"timestamp":"x"}`, cycle("0"))},
		{name: "event: timestamp of many digits", body: fill(`{"event":"link_clicked","timestamp":1`, "", "}", cycle("0"))},
		{name: "event: an array instead", body: fill("[", ",", "]", cycle(string(body)))},
	}
}

// broken bodies are refused as late as possible.
func broken() []adversary {
	all := []adversary{
		{name: "broken: random bytes", body: randomBytes()},
		{name: "broken: zero bytes", body: fill("", "", "", cycle("\x00"))},
		{name: "broken: bytes beyond ASCII", body: fill("", "", "", cycle("\xff"))},
		{name: "broken: long string with no end", body: fill(event+`"`, "", "", cycle("/"))},
		{name: `broken: string of \u00e9 with no end`, body: fill(event+`"`, "", "", cycle(`\u00e9`))},
		{name: "broken: no JSON", body: fill("event=link_clicked", "", "", cycle("&a=b"))},
		{name: "broken: names, the last one twice", body: fill(event+`{"zz":0,`, ",", `,"zz":0}`+eventEnd, func(i int) string { return `"` + numbered(i+10000) + `":0` })},
		{name: "broken: event and garbage", body: fill(string(body), "", "", cycle("garbage"))},
		{name: "broken: event after event", body: fill(string(body), "", "", cycle("\n"+string(body)))},
	}
	for _, end := range [][2]string{
		{"a duplicate name", `],"x":0}`},
		{"an escaped duplicate name", `],"\u0078":0}`},
		{"invalid UTF-8", ",\"\xc3\"]}"},
		{"a lone surrogate", `,"\ud800"]}`},
		{"a string without end", `,"`},
		{"no bracket", ``},
		{"a wrong bracket", `}}`},
		{"garbage", `]}x`},
		{"a leading zero", `,01]}`},
		{"a control character", ",\"\n\"]}"},
	} {
		all = append(all, adversary{name: "broken: " + end[0] + " at the end", body: late(end[1])})
	}
	for i := range all {
		all[i].broken = true
	}
	return all
}

// escaped writes each character as \u00xx.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteString(`\u00` + strconv.FormatInt(int64(c), 16))
	}
	return b.String()
}

// random is the same in each run.
func random() *rand.Rand { return rand.New(rand.NewPCG(1, 1)) }

// What a processor can't foresee is more expensive.
func randomValues() filler {
	r := random()
	values := []string{"0", "12", `""`, `"a"`, `"/"`, `"é"`, `"\n"`, `"\u00e9"`, "true", "null", "[]", "{}", `{"a":1}`, `{"a":"b","c":"/"}`, `[[1],2]`, `"abcdefghij"`}
	return fill(event+`[`, ",", `]`+eventEnd, func(int) string { return values[r.IntN(len(values))] })
}

func randomText() filler {
	r := random()
	characters := []string{"a", "abc", "/", "é", "€", "😀", `\n`, `\u00e9`, `\u0000`, `\ud83d\ude00`, `\"`, `\/`}
	return fill(event+`"`, "", `"`+eventEnd, func(int) string { return characters[r.IntN(len(characters))] })
}

func randomDouble() func(int) string {
	r := random()
	return func(int) string { return strconv.FormatFloat(r.Float64()*1e10, 'e', 16, 64) }
}

func randomSubnormal() func(int) string {
	r := random()
	return func(int) string { return strconv.FormatFloat(r.Float64(), 'f', 17, 64) + "e-308" }
}

func randomBytes() filler {
	r := random()
	return fill("", "", "", func(int) string { return string([]byte{byte(r.Uint32())}) })
}
