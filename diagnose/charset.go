package diagnose

import (
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// windows1252 holds the characters of the bytes 0x80 to 0x9f in windows-1252 (WHATWG Encoding
// Standard). Any other byte, and every byte in ISO-8859-1, stands for the code point with its
// number.
var windows1252 = [32]rune{
	0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
	0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
}

var latin1 = func() (table [32]rune) {
	for i := range table {
		table[i] = rune(0x80 + i)
	}
	return table
}()

func otherCharset(body []byte, try try) {
	try("the body is converted from ISO-8859-1 to UTF-8", decodeBytes(body, &latin1))
	try("the body is converted from windows-1252 to UTF-8", decodeBytes(body, &windows1252))
	tryIfAny(try, "the body is converted from UTF-8 to ISO-8859-1", encodeBytes(body, &latin1))
	tryIfAny(try, "the body is converted from UTF-8 to windows-1252", encodeBytes(body, &windows1252))
	otherUTF(body, try)
}

func otherUTF(body []byte, try try) {
	for _, end := range []struct {
		name  string
		order binary.AppendByteOrder
		read  func([]byte) uint16
	}{
		{"UTF-16LE", binary.LittleEndian, binary.LittleEndian.Uint16},
		{"UTF-16BE", binary.BigEndian, binary.BigEndian.Uint16},
	} {
		tryIfAny(try, "the body is converted from "+end.name+" to UTF-8", decodeUTF16(body, end.read))
		if utf8.Valid(body) {
			try("the body is converted from UTF-8 to "+end.name, encodeUTF16(nil, body, end.order))
			withBOM := end.order.AppendUint16(nil, 0xfeff)
			try(
				"the body is converted from UTF-8 to "+end.name+" with a byte order mark",
				encodeUTF16(withBOM, body, end.order),
			)
		}
	}
}

// tryIfAny skips what could not be converted.
func tryIfAny(try try, how string, signed []byte) {
	if signed != nil {
		try(how, signed)
	}
}

// decodeBytes returns text in which each byte is one character as UTF-8.
func decodeBytes(text []byte, high *[32]rune) []byte {
	decoded := make([]byte, 0, len(text))
	for _, c := range text {
		r := rune(c)
		if 0x80 <= c && c < 0xa0 {
			r = high[c-0x80]
		}
		decoded = utf8.AppendRune(decoded, r)
	}
	return decoded
}

// encodeBytes is the inverse of decodeBytes. It returns nil if the charset lacks a character.
func encodeBytes(text []byte, high *[32]rune) []byte {
	if !utf8.Valid(text) {
		return nil
	}
	encoded := make([]byte, 0, len(text))
	for _, r := range string(text) {
		c, ok := encodeRune(r, high)
		if !ok {
			return nil
		}
		encoded = append(encoded, c)
	}
	return encoded
}

func encodeRune(r rune, high *[32]rune) (c byte, ok bool) {
	if r < 0x80 || 0xa0 <= r && r <= 0xff {
		return byte(r), true //nolint:gosec // it fits
	}
	i := slices.Index(high[:], r)
	return byte(0x80 + i), i >= 0 //nolint:gosec // it fits if ok
}

// decodeUTF16 returns the text as UTF-8 without its byte order mark, or nil if it ends in half a
// code unit.
func decodeUTF16(text []byte, read func([]byte) uint16) []byte {
	if len(text)%2 != 0 {
		return nil
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i < len(text); i += 2 {
		units = append(units, read(text[i:]))
	}
	if len(units) > 0 && units[0] == 0xfeff {
		units = units[1:]
	}
	return []byte(string(utf16.Decode(units)))
}

func encodeUTF16(dst, text []byte, order binary.AppendByteOrder) []byte {
	for _, unit := range utf16.Encode([]rune(string(text))) {
		dst = order.AppendUint16(dst, unit)
	}
	return dst
}
