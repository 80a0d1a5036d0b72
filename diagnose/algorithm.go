package diagnose

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // to recognize it, not to rely on it
	"crypto/sha1" //nolint:gosec // to recognize it, not to rely on it
	"crypto/sha256"
	"crypto/sha512"
	"slices"
)

// algorithms lists what signers use instead of HMAC-SHA256.
var algorithms = []struct {
	cause Cause
	how   string
	keyed func(secret string) macFunc
}{
	{HMACSHA1, "it is taken for an HMAC-SHA1", func(secret string) macFunc { return hmacFunc(sha1.New, secret) }},
	{
		HMACSHA384,
		"it is taken for an HMAC-SHA384",
		func(secret string) macFunc { return hmacFunc(sha512.New384, secret) },
	},
	{
		HMACSHA512,
		"it is taken for an HMAC-SHA512",
		func(secret string) macFunc { return hmacFunc(sha512.New, secret) },
	},
	{HMACMD5, "it is taken for an HMAC-MD5", func(secret string) macFunc { return hmacFunc(md5.New, secret) }},
	{SwappedHMAC, "the body is taken for the key and the secret for the message", swappedHMAC},
	{
		UnkeyedSHA256,
		"it is taken for the SHA-256 of the body alone",
		func(string) macFunc { return sha256Of("", "") },
	},
	{
		ConcatenatedSHA256,
		"it is taken for the SHA-256 of the secret followed by the body",
		func(secret string) macFunc { return sha256Of(secret, "") },
	},
	{
		ConcatenatedSHA256,
		"it is taken for the SHA-256 of the body followed by the secret",
		func(secret string) macFunc { return sha256Of("", secret) },
	},
}

// inAlgorithm looks for another algorithm. It tries every reading of the signature, because signers
// that use SHA-1 also write "sha1=".
func (s *search) inAlgorithm() *finding {
	for _, a := range algorithms {
		mac := a.keyed(s.secrets[s.configured])
		for _, r := range s.readings {
			if v := s.match(s.forms, mac, r.mac); v != nil {
				return &finding{cause: a.cause, how: a.how, form: v.form, secret: s.secretOf(a.cause)}
			}
		}
	}
	return nil
}

func swappedHMAC(secret string) macFunc {
	return func(body ...[]byte) []byte {
		h := hmac.New(sha256.New, slices.Concat(body...))
		h.Write([]byte(secret))
		return h.Sum(nil)
	}
}

// sha256Of hashes a body between a prefix and a suffix.
func sha256Of(prefix, suffix string) macFunc {
	return func(body ...[]byte) []byte {
		h := sha256.New()
		h.Write([]byte(prefix))
		for _, part := range body {
			h.Write(part)
		}
		h.Write([]byte(suffix))
		return h.Sum(nil)
	}
}
