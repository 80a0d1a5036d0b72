package diagnose

import (
	"crypto/md5"  //nolint:gosec // to recognise it, not to rely on it
	"crypto/sha1" //nolint:gosec // to recognise it, not to rely on it
	"crypto/sha256"
	"crypto/sha512"
)

// algorithms are those that signers use instead of HMAC-SHA256.
var algorithms = []struct {
	cause Cause
	how   string
	keyed func(secret string) macFunc
}{
	{HMACSHA1, "it is taken for an HMAC-SHA1", func(secret string) macFunc { return hmacFunc(sha1.New, secret) }},
	{HMACSHA512, "it is taken for an HMAC-SHA512", func(secret string) macFunc { return hmacFunc(sha512.New, secret) }},
	{HMACMD5, "it is taken for an HMAC-MD5", func(secret string) macFunc { return hmacFunc(md5.New, secret) }},
	{UnkeyedSHA256, "it is taken for the SHA-256 of the body alone", func(string) macFunc { return sha256Of("", "") }},
	{ConcatenatedSHA256, "it is taken for the SHA-256 of the secret followed by the body", func(secret string) macFunc { return sha256Of(secret, "") }},
	{ConcatenatedSHA256, "it is taken for the SHA-256 of the body followed by the secret", func(secret string) macFunc { return sha256Of("", secret) }},
}

// inAlgorithm looks for another algorithm. The signature may be written in any way, since those who use SHA-1 write "sha1=" too.
func (s *search) inAlgorithm() *finding {
	ways := readings(s.signature)
	for _, a := range algorithms {
		mac := a.keyed(s.secrets[s.configured])
		for _, r := range ways {
			if v := match(s.forms, mac, r.mac); v != nil {
				return &finding{cause: a.cause, how: a.how, form: v.form, secret: s.secretOf(a.cause)}
			}
		}
	}
	return nil
}

func (s *search) secretOf(algorithm Cause) int {
	if algorithm == UnkeyedSHA256 {
		return -1
	}
	return s.configured
}

// sha256Of hashes a body between a prefix and a suffix.
func sha256Of(prefix, suffix string) macFunc {
	return func(body []byte) []byte {
		h := sha256.New()
		h.Write([]byte(prefix))
		h.Write(body)
		h.Write([]byte(suffix))
		return h.Sum(nil)
	}
}
