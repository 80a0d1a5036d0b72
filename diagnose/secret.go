package diagnose

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A keyChange is a secret that the signer may have used instead of the configured one.
type keyChange struct {
	cause  Cause
	how    string
	secret string
}

// inSecrets tries the other secrets given, and variants of the configured one.
func (s *search) inSecrets() *finding {
	for i, secret := range s.secrets {
		if !isUsable(secret) || i == s.configured {
			continue
		}
		if v := s.match(s.forms, hmacFunc(sha256.New, secret), s.want); v != nil {
			return &finding{
				cause:  AnotherSecret,
				how:    fmt.Sprintf("secret %d of those given is used", i+1),
				form:   v.form,
				secret: i,
			}
		}
	}
	for _, c := range keyChanges(s.secrets[s.configured]) {
		if v := s.match(s.forms, hmacFunc(sha256.New, c.secret), s.want); v != nil {
			return &finding{cause: c.cause, how: c.how, form: v.form, secret: s.secretOf(c.cause)}
		}
	}
	return nil
}

func keyChanges(secret string) []keyChange {
	list := []keyChange{{EmptySecret, "the secret is empty", ""}} // first, because others may also be empty
	return slices.Concat(
		list, aroundSecret(secret), invisibleInSecret(secret), charsetsOfSecret(secret), encodingsOfSecret(secret),
	)
}

func aroundSecret(secret string) []keyChange {
	return []keyChange{
		{
			SecretNewline,
			"the newline at the end of the configured secret is removed",
			strings.TrimRight(secret, "\r\n"),
		},
		{SecretNewline, "a newline is added at the end of the configured secret", secret + "\n"},
		{SecretNewline, "a newline (CRLF) is added at the end of the configured secret", secret + "\r\n"},
		{SecretWhiteSpace, "the whitespace around the configured secret is removed", strings.TrimSpace(secret)},
		{SecretWhiteSpace, "a space is added at the end of the configured secret", secret + " "},
		{SecretWhiteSpace, "a space is added before the configured secret", " " + secret},
		{SecretQuotes, "the quotes around the configured secret are removed", unquote(secret)},
		{SecretQuotes, "double quotes are added around the configured secret", `"` + secret + `"`},
		{SecretQuotes, "single quotes are added around the configured secret", "'" + secret + "'"},
	}
}

// invisibleInSecret contains the characters that readers do not see.
func invisibleInSecret(secret string) []keyChange {
	const zeroWidthSpace = "\u200b"
	visible := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Zs, r) && r != ' ' {
			return -1
		}
		return r
	}, secret)
	return []keyChange{
		{
			SecretByteOrderMark,
			"the byte order mark before the configured secret is removed",
			strings.TrimPrefix(secret, utf8BOM),
		},
		{SecretByteOrderMark, "a byte order mark is added before the configured secret", utf8BOM + secret},
		{SecretInvisible, "the invisible characters in the configured secret are removed", visible},
		{SecretInvisible, "a zero-width space is added at the end of the configured secret", secret + zeroWidthSpace},
		{SecretInvisible, "a zero-width space is added before the configured secret", zeroWidthSpace + secret},
	}
}

func charsetsOfSecret(secret string) []keyChange {
	var list []keyChange
	otherCharset([]byte(secret), func(how string, converted []byte) bool {
		how = strings.Replace(how, "the body", "the configured secret", 1)
		list = append(list, keyChange{SecretCharset, how, string(converted)})
		return false
	})
	return list
}

func encodingsOfSecret(secret string) []keyChange {
	const prefix = "whsec_"
	bare := strings.TrimPrefix(secret, prefix)
	list := []keyChange{
		{SecretPrefix, "the prefix whsec_ of the configured secret is removed", bare},
		{SecretPrefix, "the prefix whsec_ is added to the configured secret", prefix + secret},
		{SecretBase64, "the configured secret is decoded from base64", string(decodeBase64(secret))},
		{
			SecretBase64,
			"the configured secret is decoded from base64, without its prefix whsec_",
			string(decodeBase64(bare)),
		},
		{
			SecretBase64,
			"the configured secret is encoded in base64",
			base64.StdEncoding.EncodeToString([]byte(secret)),
		},
		{
			SecretBase64,
			"the configured secret is encoded in base64url",
			base64.URLEncoding.EncodeToString([]byte(secret)),
		},
		{SecretHex, "the configured secret is encoded in hexadecimal", hex.EncodeToString([]byte(secret))},
		{SecretHex, "the configured secret is encoded in upper-case hexadecimal", fmt.Sprintf("%X", secret)},
	}
	if decoded, err := hex.DecodeString(secret); err == nil {
		list = append(
			list,
			keyChange{SecretHex, "the configured secret is decoded from hexadecimal", string(decoded)},
		)
	}
	return list
}
