package diagnose_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"testing"
)

// bySigners returns the deliveries of various signers whose bodies arrive unchanged.
func bySigners(_ testing.TB, bases map[string]string) []corpusCase {
	click := bases["click"]
	mac := func(newHash func() hash.Hash, key, message string) string {
		h := hmac.New(newHash, []byte(key))
		h.Write([]byte(message))
		return hex.EncodeToString(h.Sum(nil))
	}
	signed := func(name, signature, want string) corpusCase {
		return corpusCase{
			Name:      "signer: " + name,
			Base:      "click",
			Body:      []byte(click),
			signature: signature,
			Want:      want,
		}
	}
	keyed := func(name, key, configured, want string) corpusCase {
		c := signed("secret "+name, mac(sha256.New, key, click), want)
		c.secret = configured
		return c
	}
	const plain = "kéy of a folder"
	latin1 := "k\xe9y of a folder"
	utf16LE, utf16BE := utf16Of([]byte(plain), false), utf16Of([]byte(plain), true)
	withBOM := string(binary.LittleEndian.AppendUint16(nil, 0xfeff)) + string(utf16LE)
	return []corpusCase{
		signed("key and message swapped", mac(sha256.New, click, secret), "swapped-hmac"),
		signed("SHA-384", mac(sha512.New384, secret, click), "hmac-sha384"),
		signed("SHA-384 with its name", "sha384="+mac(sha512.New384, secret, click), "hmac-sha384"),
		signed("SHA-512", mac(sha512.New, secret, click), "hmac-sha512"),
		signed("Stripe", "t=1697398130,v1="+mac(sha256.New, secret, "1697398130."+click), "timestamp-signed"),
		signed("a timestamp of the same second", mac(sha256.New, secret, "1697398126."+click), "timestamp-signed"),
		signed("a timestamp a minute later", mac(sha256.New, secret, "1697398186."+click), "timestamp-signed"),
		signed("Slack", "v0="+mac(sha256.New, secret, "v0:1697398127:"+click), "timestamp-signed"),
		signed("an unknown timestamp", mac(sha256.New, secret, "1797398126."+click), "secret"),
		keyed("with a byte order mark, configured", plain, "\ufeff"+plain, "secret-byte-order-mark"),
		keyed("with a byte order mark, the signer's", "\ufeff"+plain, plain, "secret-byte-order-mark"),
		keyed("in UTF-16LE, the signer's", string(utf16LE), plain, "secret-charset"),
		keyed("in UTF-16BE, the signer's", string(utf16BE), plain, "secret-charset"),
		keyed("in UTF-16LE with BOM, configured", plain, withBOM, "secret-charset"),
		keyed("in UTF-16LE, configured", plain, string(utf16LE), "secret-charset"),
		keyed("in ISO-8859-1, the signer's", latin1, plain, "secret-charset"),
		keyed("in ISO-8859-1, configured", plain, latin1, "secret-charset"),
		keyed("with a zero-width space, configured", plain, plain+"\u200b", "secret-invisible"),
		keyed("with a zero-width space inside, configured", plain, "kéy\u200b of a folder", "secret-invisible"),
		keyed("with a zero-width space, the signer's", plain+"\u200b", plain, "secret-invisible"),
		keyed("with a NUL byte, configured", plain, "\x00"+plain, "secret-invisible"),
		keyed("another", "another", plain, "secret"),
	}
}
