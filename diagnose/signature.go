package diagnose

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

const (
	maxPrefix       = 63 // a longer one is more likely a second signature
	minDigits       = 16 // fewer would prove little
	signatureDigits = 64
)

// A reading is a way to read a signature.
type reading struct {
	cause Cause
	how   string
	text  string
	mac   []byte
}

// inSignature looks for a cause in how the signature is written.
func (s *search) inSignature() *finding {
	for _, r := range s.readings {
		if v := s.match(s.forms, s.mac, r.mac); v != nil {
			return &finding{cause: r.cause, how: r.how, form: v.form, secret: s.configured}
		}
	}
	return s.truncated()
}

// truncated compares only the digits that are there.
func (s *search) truncated() *finding {
	digits := strings.ToLower(strings.TrimRight(strings.TrimSpace(s.signature), ".…"))
	if len(digits) < minDigits || len(digits) >= signatureDigits {
		return nil
	}
	for _, v := range s.forms {
		if hmac.Equal([]byte(hex.EncodeToString(s.mac(v.bytes))[:len(digits)]), []byte(digits)) {
			return &finding{
				cause:  SignatureTruncated,
				how:    "its missing digits are added",
				form:   v.form,
				secret: s.configured,
			}
		}
	}
	return nil
}

// readings returns all ways to read a signature, unchanged first. It omits those that yield no
// bytes.
func readings(signature string) []reading {
	texts := unwrap(signature)
	var list []reading
	for _, t := range texts {
		if mac, err := hex.DecodeString(t.text); err == nil && len(mac) > 0 {
			t.mac = mac
			list = append(list, t)
		}
	}
	for _, t := range texts {
		if mac := decodeBase64(t.text); len(mac) > 0 {
			list = append(list, reading{SignatureBase64, "it is read as base64 instead of hexadecimal", t.text, mac})
			if digits, err := hex.DecodeString(string(mac)); err == nil {
				list = append(
					list,
					reading{SignatureBase64, "it is read as the base64 of hexadecimal digits", t.text, digits},
				)
			}
		}
	}
	return list
}

// unwrap removes what may surround a signature.
func unwrap(signature string) []reading {
	trimmed := strings.TrimSpace(signature)
	list := []reading{
		{text: signature},
		{cause: SignatureWhiteSpace, how: "the whitespace around it is removed", text: trimmed},
		{cause: SignatureQuotes, how: "the quotes around it are removed", text: unquote(trimmed)},
	}
	if digits, found := strings.CutPrefix(strings.ToLower(trimmed), "0x"); found {
		list = append(list, reading{cause: SignaturePrefix, how: "the 0x before it is removed", text: digits})
	}
	for i, c := range trimmed[:min(len(trimmed), maxPrefix)] {
		if strings.ContainsRune("=:, ", c) {
			list = append(
				list,
				reading{
					cause: SignaturePrefix,
					how:   "the prefix before it is removed",
					text:  strings.TrimSpace(trimmed[i+1:]),
				},
			)
		}
	}
	return list
}

// unquote removes the quotes around s, if there are any.
func unquote(s string) string {
	if len(s) >= 2 && s[0] == s[len(s)-1] && strings.ContainsRune("\"'`", rune(s[0])) {
		return s[1 : len(s)-1]
	}
	return s
}

var standardAlphabet = strings.NewReplacer("-", "+", "_", "/")

// decodeBase64 decodes the standard and the URL alphabet, padded or not. It returns nil if s is
// neither.
func decodeBase64(s string) []byte {
	s = standardAlphabet.Replace(strings.TrimRight(s, "="))
	decoded, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return decoded
}
