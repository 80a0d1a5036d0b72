package diagnose

import "slices"

// A spelling is a style for some features, and a description of it.
type spelling struct {
	how string
	style
}

// A choice lists the spellings that encoders choose from.
type choice []spelling

var (
	slashSpellings = choice{
		{`with slashes as /`, style{slashes: plain}},
		{`with slashes as \/`, style{slashes: escaped}},
	}
	unicodeSpellings = choice{
		{`with characters beyond ASCII as é`, style{beyondASCII: plain, lineSeparators: plain}},
		{`with characters beyond ASCII as \u00e9`, style{beyondASCII: escaped, lineSeparators: escaped}},
		{`with characters beyond ASCII as \u00E9`, style{beyondASCII: upperCase, lineSeparators: upperCase}},
		{
			`with characters beyond ASCII as é, but line separators as \u2028`,
			style{beyondASCII: plain, lineSeparators: escaped},
		},
	}
	htmlSpellings = choice{
		{`with <, > and & as they are`, style{tags: plain, ampersands: plain}},
		{`with <, > and & as \u003c`, style{tags: escaped, ampersands: escaped}},
		{`with <, > and & as \u003C`, style{tags: upperCase, ampersands: upperCase}},
	}
)

// dialects escape characters that few others escape.
var dialects = choice{
	{"as Gson does", style{
		slashes: plain, beyondASCII: plain, lineSeparators: escaped, tags: escaped, ampersands: escaped,
		apostrophes: escaped, equalSigns: escaped,
	}},
	{"as .NET's System.Text.Json does", style{
		slashes: plain, beyondASCII: upperCase, lineSeparators: upperCase, tags: upperCase, ampersands: upperCase,
		apostrophes: upperCase, quotes: upperCase, plusSigns: upperCase,
	}},
	{"as Json.NET does with StringEscapeHandling.EscapeHtml", style{
		slashes: plain, beyondASCII: plain, lineSeparators: escaped, tags: escaped, ampersands: escaped,
		apostrophes: escaped, quotes: escaped,
	}},
}

// A rendering is a style and its description.
type rendering struct {
	style
	how []string
}

// renderingsOf returns all styles that make a difference to a document.
func renderingsOf(document []byte) []rendering {
	has := featuresOf(document)
	list := []rendering{{}}
	for _, c := range []choice{slashSpellings, unicodeSpellings, htmlSpellings} {
		list = combine(list, c.on(has))
	}
	for _, d := range dialects.on(has) {
		list = append(list, rendering{d.style, []string{d.how}})
	}
	return list
}

// on returns the spellings that make a difference to a document with these features, each once.
func (c choice) on(has [others + 1]bool) choice {
	var list choice
	for _, s := range c {
		for f := range others {
			if !has[f] {
				s.style[f] = asReceived
			}
		}
		if s.style != (style{}) &&
			!slices.ContainsFunc(list, func(other spelling) bool { return other.style == s.style }) {
			list = append(list, s)
		}
	}
	return list
}

// combine returns each rendering with each spelling of a choice, if the choice has any.
func combine(list []rendering, c choice) []rendering {
	if len(c) == 0 {
		return list
	}
	var product []rendering
	for _, r := range list {
		for _, s := range c {
			product = append(product, rendering{r.with(s.style), append(slices.Clone(r.how), s.how)})
		}
	}
	return product
}

// with returns s with the features that other sets.
func (s style) with(other style) style {
	for f, e := range other {
		if e != asReceived {
			s[f] = e
		}
	}
	return s
}
