package diagnose

import (
	"slices"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// hexFlags are the JSON_HEX flags of PHP's json_encode. They write upper-case digits, unlike the
// rest of json_encode.
var hexFlags = choice{
	{"JSON_HEX_TAG", style{tags: upperCase}},
	{"JSON_HEX_AMP", style{ampersands: upperCase}},
	{"JSON_HEX_APOS", style{apostrophes: upperCase}},
	{"JSON_HEX_QUOT", style{quotes: upperCase}},
}

// otherFlags are flags combined with them: none, JSON_UNESCAPED_SLASHES and JSON_UNESCAPED_UNICODE.
var otherFlags = []style{
	asPHP,
	{slashes: plain, beyondASCII: escaped, lineSeparators: escaped},
	{slashes: escaped, beyondASCII: plain, lineSeparators: escaped},
	{slashes: plain, beyondASCII: plain, lineSeparators: escaped},
}

// hexEscaped tries a document as PHP writes it with each combination of its JSON_HEX flags.
func hexEscaped(body []byte, try try) {
	for _, layout := range []jsondoc.Layout{{Unescaped: true}, {Unescaped: true, Indent: "    "}} {
		document := format(body, layout)
		for _, flags := range combinations(hexFlags.on(featuresOf(document))) {
			for _, base := range otherFlags {
				if try(
					"the body is written as PHP does with "+inWords(flags.how),
					base.with(flags.style).append(nil, document),
				) {
					return
				}
			}
		}
	}
}

// combinations returns every combination of at least one of the spellings of a choice.
func combinations(c choice) []rendering {
	var list []rendering
	for _, s := range c {
		list = append(list, rendering{s.style, []string{s.how}})
		for _, r := range slices.Clone(list[:len(list)-1]) {
			list = append(list, rendering{r.with(s.style), append(slices.Clone(r.how), s.how)})
		}
	}
	return list
}
