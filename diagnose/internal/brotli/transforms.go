package brotli

// A transform derives another word from one in the dictionary (section 8).
type transform struct {
	prefix string
	change change
	suffix string
}

type change int

const (
	identity change = iota
	omitLast        // the last byte. omitLast + 1 omits two, and so on up to nine
	_
	_
	_
	_
	_
	_
	_
	_
	upperFirst
	upperAll
	omitFirst // like omitLast
)

func (t *transform) append(dst, word []byte) []byte {
	dst = append(dst, t.prefix...)
	start := len(dst)
	switch c := t.change; {
	case c == upperFirst:
		dst = append(dst, word...)
		toUpper(dst[start:])
	case c == upperAll:
		dst = append(dst, word...)
		for rest := dst[start:]; len(rest) > 0; {
			rest = rest[toUpper(rest):]
		}
	case c >= omitFirst:
		dst = append(dst, word[min(int(c-omitFirst)+1, len(word)):]...)
	case c >= omitLast:
		dst = append(dst, word[:max(len(word)-int(c-omitLast)-1, 0)]...)
	default:
		dst = append(dst, word...)
	}
	return append(dst, t.suffix...)
}

// toUpper changes the first character of a word as the RFC defines it, without knowing Unicode. It
// returns the length of the character.
func toUpper(word []byte) int {
	switch c := word[0]; {
	case c < 0xc0:
		if 'a' <= c && c <= 'z' {
			word[0] ^= 0x20
		}
		return 1
	case c < 0xe0:
		if len(word) > 1 {
			word[1] ^= 0x20
		}
		return min(2, len(word))
	default:
		if len(word) > 2 {
			word[2] ^= 5
		}
		return min(3, len(word))
	}
}

// transforms are those of appendix B.
var transforms = [...]transform{
	{"", identity, ""},
	{"", identity, " "},
	{" ", identity, " "},
	{"", omitFirst, ""},
	{"", upperFirst, " "},
	{"", identity, " the "},
	{" ", identity, ""},
	{"s ", identity, " "},
	{"", identity, " of "},
	{"", upperFirst, ""},
	{"", identity, " and "},
	{"", omitFirst + 1, ""},
	{"", omitLast, ""},
	{", ", identity, " "},
	{"", identity, ", "},
	{" ", upperFirst, " "},
	{"", identity, " in "},
	{"", identity, " to "},
	{"e ", identity, " "},
	{"", identity, "\""},
	{"", identity, "."},
	{"", identity, "\">"},
	{"", identity, "\n"},
	{"", omitLast + 2, ""},
	{"", identity, "]"},
	{"", identity, " for "},
	{"", omitFirst + 2, ""},
	{"", omitLast + 1, ""},
	{"", identity, " a "},
	{"", identity, " that "},
	{" ", upperFirst, ""},
	{"", identity, ". "},
	{".", identity, ""},
	{" ", identity, ", "},
	{"", omitFirst + 3, ""},
	{"", identity, " with "},
	{"", identity, "'"},
	{"", identity, " from "},
	{"", identity, " by "},
	{"", omitFirst + 4, ""},
	{"", omitFirst + 5, ""},
	{" the ", identity, ""},
	{"", omitLast + 3, ""},
	{"", identity, ". The "},
	{"", upperAll, ""},
	{"", identity, " on "},
	{"", identity, " as "},
	{"", identity, " is "},
	{"", omitLast + 6, ""},
	{"", omitLast, "ing "},
	{"", identity, "\n\t"},
	{"", identity, ":"},
	{" ", identity, ". "},
	{"", identity, "ed "},
	{"", omitFirst + 8, ""},
	{"", omitFirst + 6, ""},
	{"", omitLast + 5, ""},
	{"", identity, "("},
	{"", upperFirst, ", "},
	{"", omitLast + 7, ""},
	{"", identity, " at "},
	{"", identity, "ly "},
	{" the ", identity, " of "},
	{"", omitLast + 4, ""},
	{"", omitLast + 8, ""},
	{" ", upperFirst, ", "},
	{"", upperFirst, "\""},
	{".", identity, "("},
	{"", upperAll, " "},
	{"", upperFirst, "\">"},
	{"", identity, "=\""},
	{" ", identity, "."},
	{".com/", identity, ""},
	{" the ", identity, " of the "},
	{"", upperFirst, "'"},
	{"", identity, ". This "},
	{"", identity, ","},
	{".", identity, " "},
	{"", upperFirst, "("},
	{"", upperFirst, "."},
	{"", identity, " not "},
	{" ", identity, "=\""},
	{"", identity, "er "},
	{" ", upperAll, " "},
	{"", identity, "al "},
	{" ", upperAll, ""},
	{"", identity, "='"},
	{"", upperAll, "\""},
	{"", upperFirst, ". "},
	{" ", identity, "("},
	{"", identity, "ful "},
	{" ", upperFirst, ". "},
	{"", identity, "ive "},
	{"", identity, "less "},
	{"", upperAll, "'"},
	{"", identity, "est "},
	{" ", upperFirst, "."},
	{"", upperAll, "\">"},
	{" ", identity, "='"},
	{"", upperFirst, ","},
	{"", identity, "ize "},
	{"", upperAll, "."},
	{"\u00a0", identity, ""},
	{" ", identity, ","},
	{"", upperFirst, "=\""},
	{"", upperAll, "=\""},
	{"", identity, "ous "},
	{"", upperAll, ", "},
	{"", upperFirst, "='"},
	{" ", upperFirst, ","},
	{" ", upperAll, "=\""},
	{" ", upperAll, ", "},
	{"", upperAll, ","},
	{"", upperAll, "("},
	{"", upperAll, ". "},
	{" ", upperAll, "."},
	{"", upperAll, "='"},
	{" ", upperAll, ". "},
	{" ", upperFirst, "=\""},
	{" ", upperAll, "='"},
	{" ", upperFirst, "='"},
}
