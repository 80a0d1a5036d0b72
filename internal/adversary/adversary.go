// Package adversary generates the bodies an attacker would choose, for tests and benchmarks of what
// they cost.
package adversary

import (
	"fmt"
	"slices"
	"strings"
)

// A Kind is a kind of body designed to be expensive to reject.
type Kind struct {
	Name string
	Body filler
}

// All returns every kind.
func All() []Kind { return slices.Concat(Documents(), Broken()) }

// Documents returns the kinds that are valid under RFC 7493.
func Documents() []Kind {
	return slices.Concat(ordinary(), numbers(), names(), nesting(), texts(), punctuation(), events(), mixtures())
}

// ordinary returns bodies that are large but not odd.
func ordinary() []Kind {
	return []Kind{
		{"one long string", text("Newsletter ")},
		{"accents and slashes", text("Été 2026/")},
		{"many small objects", array(`{"id":12,"city":"Paris","bot":false}`)},
		{"short integers", array("1")},
		{"event in an event", array(sample)},
	}
}

func nesting() []Kind {
	open16 := strings.TrimSuffix(objectOf(16), "}") + `,"z":`
	return []Kind{
		{"nesting: arrays 500 deep, repeated", array(nested(500, "[", "", "]"))},
		{"nesting: objects 500 deep, repeated", array(nested(500, `{"":`, "0", "}"))},
		{"nesting: hundreds of brackets, 500 deep", deep(498, "[", "[]", "]")},
		{"nesting: hundreds of braces, 500 deep", deep(498, "[", "{}", "]")},
		{"nesting: objects below 400 objects", deep(400, `{"a":`, `{"b":0,"c":0}`, "}")},
		{"nesting: arrays 400 deep below 100", deep(100, "[", nested(400, "[", "", "]"), "]")},
		{"nesting: two members at each level", array(nested(200, `{"a":0,"b":`, "0", "}"))},
		{"nesting: 16 members at each level", array(nested(150, open16, "0", "}"))},
		{"nesting: names before and after", array(nested(200, `{"a":0,"b":`, "0", `,"c":0,"d":0}`))},
		{"nesting: too deep", array(nested(600, "[", "", "]"))},
		{"nesting: too deep at the end", late("," + nested(600, "[", "", "]") + "]" + eventEnd)},
		{"nesting: arrays thousands deep", deepest("[", "", "]")},
		{"nesting: objects thousands deep", deepest(`{"":`, "0", "}")},
	}
}

func punctuation() []Kind {
	return []Kind{
		{"whitespace", array(strings.Repeat(" ", 1000) + "0")},
		{"whitespace around tokens", array("\t\r\n 0 \t\r\n")},
		{"whitespace in objects", array("{ \n \"a\" \n : \n 0 \n }")},
		{"whitespace after a name", within(`{"a"`, "", ":0}", cycle(" "))},
		{"[]", array("[]")},
		{"{}", array("{}")},
		{"true", array("true")},
		{"null", array("null")},
	}
}

// events returns bodies with known fields, which are read for the claim.
func events() []Kind {
	const link = `{"event":"link_clicked","link":{`
	label := func(characters string) filler { return fill(link+`"label":"`, "", `"}}`, cycle(characters)) }
	drift := `"city":[],"region":{},"system":0.5,"is_unique":"","timestamp":"x"}`
	return []Kind{
		{"event: long label", label("a")},
		{"event: long label of /", label("/")},
		{`event: long label of \u00e9`, label(`\u00e9`)},
		{`event: long label of \n`, label(`\n`)},
		{`event: long city of \u00e9`, fill(`{"event":"link_clicked","city":"`, "", `"}`, cycle(`\u00e9`))},
		{"event: long type", fill(`{"event":"`, "", `"}`, cycle("a"))},
		{"event: 60 KiB of unknown members", fill(strings.TrimSuffix(sample, "}")+",", ",", "}",
			func(i int) string { return `"unknown_` + numbered(i) + `":"value ` + numbered(i) + `"` })},
		{"event: unknown members of its link", fill(link, ",", "}}", member(numbered))},
		{"event: drift", fill(link+`"team":"x","folder":1e400,"id":[`, ",", "]},"+drift, cycle("0"))},
		{"event: timestamp of many digits", fill(`{"event":"link_clicked","timestamp":1`, "", "}", cycle("0"))},
		{"event: an array instead", fill("[", ",", "]", cycle(sample))},
	}
}

// mixtures returns bodies that defeat branch prediction, or stay below each limit on a single kind.
func mixtures() []Kind {
	slow := "2.2250738585072011e-308,1.00000000000000011102230246251565404236316680908203125" +
		strings.Repeat(",1.7976931348623157e308", 6)
	slowEnd := strings.Repeat(","+slow, 4) + "]" + eventEnd
	return []Kind{
		{"mixture: literals", array("true", "0", "null", "[]", "false", "{}", `""`)},
		{"mixture: values", within("[", ",", "]", shuffled("0", "12", `""`, `"a"`, `"/"`, `"é"`, `"\n"`, `"\u00e9"`,
			"true", "null", "[]", "{}", `{"a":1}`, `{"a":"b","c":"/"}`, "[[1],2]", `"abcdefghij"`))},
		{"mixture: eight slow numbers and é/", within("["+slow+`,"`, "", `"]`, cycle("é/"))},
		{"mixture: eight slow numbers and short strings", within("["+slow+",", ",", "]", cycle(`"é"`, `"/"`))},
		{"mixture: eight slow numbers and names", within("["+slow+",", ",", "]", cycle(objectOf(64)))},
		{"mixture: 32 slow numbers after names", fill(event+"[", ",", slowEnd, cycle(objectOf(64)))},
		{"mixture: 32 slow numbers after é/", fill(event+`["`, "", `"`+slowEnd, cycle("é/"))},
	}
}

// Broken returns the kinds that are not valid documents, most of which break only at their end.
func Broken() []Kind {
	r := random()
	all := []Kind{
		{"broken: random bytes", fill("", "", "",
			func(int) string { return string([]byte{byte(r.Uint32())}) })},
		{"broken: fields repeated", fill(`{"event":"e"`, "", "}", cycle(`,"city":"x"`))},
		{"broken: links repeated", fill(`{"event":"e"`, "", "}", cycle(`,"link":{"id":"x"}`))},
		{"broken: link fields repeated", fill(`{"event":"e","link":{"id":""`, "", "}}", cycle(`,"code":"x"`))},
		{"broken: expensive integers repeated",
			fill(`{"event":"e","link":{"id":""`, "", "}}", cycle(`,"team":5e-324`))},
		{"broken: expensive timestamps repeated",
			fill(`{"event":"e"`, "", "}", cycle(`,"timestamp":9007199254740993.5`))},
		{"broken: lone surrogates in unknown fields", fill(`{"event":"e"`, "", "}",
			func(i int) string { return `,"` + numbered(i) + `":"\ud800"` })},
		{"broken: lone surrogates in names", fill(`{"event":"e","link":{"id":""`, "", "}}",
			func(i int) string { return `,"` + numbered(i) + `\ud800":0` })},
		{"broken: names of a lone surrogate", fill(`{"event":"e","link":{"id":""`, "", "}}",
			func(i int) string { return fmt.Sprintf(`,"\u%x":0`, 0xD800+i%0x800) })},
		{"broken: zero bytes", fill("", "", "", cycle("\x00"))},
		{"broken: bytes beyond ASCII", fill("", "", "", cycle("\xff"))},
		{"broken: whitespace alone", fill("", "", "", cycle(" "))},
		{"broken: commas", fill("[", "", "]", cycle(","))},
		{"broken: [ alone", fill("", "", "", cycle("["))},
		{`broken: {"": alone`, fill(`{"":`, "", "", cycle(`{"":`))},
		{"broken: unterminated long string", fill(event+`"`, "", "", cycle("/"))},
		{`broken: unterminated string of \u00e9`, fill(event+`"`, "", "", cycle(`\u00e9`))},
		{"broken: not JSON", fill("event=link_clicked", "", "", cycle("&a=b"))},
		{"broken: names, the last one duplicated", within(`{"last":0,`, ",", `,"last":0}`, member(numbered))},
		{"broken: event and garbage", fill(sample, "", "", cycle("garbage"))},
		{"broken: event after event", fill(sample, "", "", cycle("\n"+sample))},
	}
	for _, end := range []struct{ what, tail string }{
		{"a duplicate name", `],"x":0}`},
		{"an escaped duplicate name", `],"\u0078":0}`},
		{"invalid UTF-8", ",\"\xc3\"]}"},
		{"a lone surrogate", `,"\ud800"]}`},
		{"an unterminated string", `,"`},
		{"a missing bracket", ``},
		{"a wrong bracket", `}}`},
		{"garbage", `]}x`},
		{"a leading zero", `,01]}`},
		{"a control character", ",\"\n\"]}"},
	} {
		all = append(all, Kind{"broken: " + end.what + " at the end", late(end.tail)})
	}
	return all
}

// sample is a typical event.
const sample = `{"event":"link_clicked","link":{"id":"9fd4b5f3-9e2f-4f3e-8e34-9f9d2b0a0c11",` +
	`"code":"yBPhx","label":"Newsletter","workspace_id":"1d0c4f5e-6a5f-4c62-9d9b-2f5cb5f2a001",` +
	`"folder_id":"6a2f7c70-4d0f-4a3c-8f5a-6f8f5b2ea002"},"country":"FR","city":"Cr\u00e9teil",` +
	`"system":"GNU\/Linux","browser":"Firefox","referer":"https:\/\/example.com\/","timestamp":1697398126}`
