package diagnose_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/diagnose"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const (
	secret      = "whsec_c2VjcmV0IGtleSBvZiBhIGZvbGRlcg=="
	otherSecret = "the key of another folder"
)

// A situation is a delivery whose signature does not match, and the cause.
type situation struct {
	name      string
	cause     diagnose.Cause
	body      []byte
	signature string
	secrets   []string
	signed    []byte // what Report.Signed must be
}

// click contains everything on which encoders disagree.
func click() *core.Event {
	e := urlrtest.NewEvent()
	e.Referer = "https://example.com/?a=1&b=<é>"
	e.Timestamp = time.Unix(1697398126, 0).UTC()
	return e
}

func delivery() []byte { return urlrtest.Body(click(), urlrtest.Latest) }

func situations() []situation {
	var all []situation
	for _, of := range []func() []situation{
		withoutAnything, ofSignatures, ofAlgorithms, ofSecrets, ofBytes, ofWrappings, ofCharsets, ofEncodings,
		ofOrders, ofSamples, ofPrints, ofContents,
	} {
		all = append(all, of()...)
	}
	return all
}

func withoutAnything() []situation {
	body := delivery()
	return []situation{
		{
			name:      "no secret",
			cause:     diagnose.NoSecret,
			body:      body,
			signature: core.Sign(secret, body),
			secrets:   []string{},
		},
		{
			name:      "empty secret",
			cause:     diagnose.NoSecret,
			body:      body,
			signature: core.Sign("", body),
			secrets:   []string{"", ""},
		},
		{name: "no signature", cause: diagnose.NoSignature, body: body},
		{name: "blank signature", cause: diagnose.NoSignature, body: body, signature: " \n"},
		{name: "malformed", cause: diagnose.MalformedSignature, body: body, signature: "t=1697398126"},
		{
			name:      "twice",
			cause:     diagnose.MalformedSignature,
			body:      body,
			signature: core.Sign(secret, body) + "," + core.Sign(secret, body),
		},
		{name: "empty body", cause: diagnose.EmptyBody, signature: core.Sign(secret, body)},
		{name: "unrelated", cause: diagnose.Unknown, body: body, signature: core.Sign("unrelated", body)},
		{name: "another body", cause: diagnose.Unknown, body: body, signature: core.Sign(secret, []byte("{}"))},
	}
}

func ofSignatures() []situation {
	body := delivery()
	signature := core.Sign(secret, body)
	mac, _ := hex.DecodeString(signature)
	one := func(name string, cause diagnose.Cause, signature string) situation {
		return situation{name: name, cause: cause, body: body, signature: signature}
	}
	return []situation{
		one("newline", diagnose.SignatureWhiteSpace, signature+"\n"),
		one("spaces", diagnose.SignatureWhiteSpace, "  "+signature+" \t"),
		one("double quotes", diagnose.SignatureQuotes, `"`+signature+`"`),
		one("single quotes", diagnose.SignatureQuotes, "'"+signature+"'\n"),
		one("sha256=", diagnose.SignaturePrefix, "sha256="+signature),
		one("v1=", diagnose.SignaturePrefix, "v1="+signature),
		one("hmac-sha256=", diagnose.SignaturePrefix, "hmac-sha256="+signature),
		one("bearer", diagnose.SignaturePrefix, "Bearer "+signature),
		one("header", diagnose.SignaturePrefix, "x-signature: "+signature),
		one("stripe", diagnose.SignaturePrefix, "t=1697398126,v1="+signature),
		one("0x", diagnose.SignaturePrefix, "0x"+signature),
		one("base64", diagnose.SignatureBase64, base64.StdEncoding.EncodeToString(mac)),
		one("base64 unpadded", diagnose.SignatureBase64, base64.RawStdEncoding.EncodeToString(mac)),
		one("base64url", diagnose.SignatureBase64, base64.URLEncoding.EncodeToString(mac)),
		one("base64url unpadded", diagnose.SignatureBase64, base64.RawURLEncoding.EncodeToString(mac)),
		one("base64 with prefix", diagnose.SignatureBase64, "v1,"+base64.StdEncoding.EncodeToString(mac)),
		one("base64 of digits", diagnose.SignatureBase64, base64.StdEncoding.EncodeToString([]byte(signature))),
		one("16 digits", diagnose.SignatureTruncated, signature[:16]),
		one("63 digits", diagnose.SignatureTruncated, strings.ToUpper(signature[:63])),
		one("ellipsis", diagnose.SignatureTruncated, signature[:20]+"…"),
		one("15 digits prove too little", diagnose.MalformedSignature, signature[:15]),
		{
			name:      "prefix, re-encoded body",
			cause:     diagnose.SignaturePrefix,
			body:      urlrtest.Reencode(body),
			signature: "sha256=" + signature,
		},
	}
}

func ofAlgorithms() []situation {
	body := delivery()
	keyed := func(newHash func() hash.Hash) string {
		h := hmac.New(newHash, []byte(secret))
		h.Write(body)
		return hex.EncodeToString(h.Sum(nil))
	}
	sum := func(parts ...string) string {
		digest := sha256.Sum256([]byte(strings.Join(parts, "")))
		return hex.EncodeToString(digest[:])
	}
	one := func(name string, cause diagnose.Cause, signature string) situation {
		return situation{name: name, cause: cause, body: body, signature: signature}
	}
	return []situation{
		one("SHA-1", diagnose.HMACSHA1, keyed(sha1.New)),
		one("SHA-1 as GitHub writes it", diagnose.HMACSHA1, "sha1="+keyed(sha1.New)),
		one("SHA-384", diagnose.HMACSHA384, keyed(sha512.New384)),
		one("swapped", diagnose.SwappedHMAC, swapped(secret, body)),
		one(
			"Stripe",
			diagnose.TimestampSigned,
			"t=1697398130,v1="+core.Sign(secret, concat([]byte("1697398130."), string(body))),
		),
		one(
			"Slack",
			diagnose.TimestampSigned,
			"v0="+core.Sign(secret, concat([]byte("v0:1697398127:"), string(body))),
		),
		one(
			"a timestamp that nobody tells",
			diagnose.TimestampSigned,
			core.Sign(secret, concat([]byte("1697398130."), string(body))),
		),
		one("SHA-512", diagnose.HMACSHA512, keyed(sha512.New)),
		one("MD5", diagnose.HMACMD5, keyed(md5.New)),
		one("unkeyed", diagnose.UnkeyedSHA256, sum(string(body))),
		one("secret, body", diagnose.ConcatenatedSHA256, sum(secret, string(body))),
		one("body, secret", diagnose.ConcatenatedSHA256, sum(string(body), secret)),
	}
}

func ofSecrets() []situation {
	body := delivery()
	const inHex, inBase64, inBase64URL = "73656372657420ff", "c2VjcmV0IGtleQ==", "_-_-c2VjcmV0"
	decoded := func(s []byte, _ error) string { return string(s) }
	one := func(name string, cause diagnose.Cause, signers string, configured ...string) situation {
		return situation{
			name:      name,
			cause:     cause,
			body:      body,
			signature: core.Sign(signers, body),
			secrets:   configured,
		}
	}
	return []situation{
		one("second", diagnose.AnotherSecret, otherSecret, secret, otherSecret),
		one("third, after an empty one", diagnose.AnotherSecret, otherSecret, secret, "", otherSecret),
		{
			name: "second, re-encoded body", cause: diagnose.AnotherSecret,
			body: urlrtest.Reencode(body), signature: core.Sign(otherSecret, body),
			secrets: []string{secret, otherSecret},
		},
		one("signer has none", diagnose.EmptySecret, "", secret),
		one("configured newline", diagnose.SecretNewline, secret, secret+"\n"),
		one("configured CRLF", diagnose.SecretNewline, secret, secret+"\r\n"),
		one("signer's newline", diagnose.SecretNewline, secret+"\n", secret),
		one("signer's CRLF", diagnose.SecretNewline, secret+"\r\n", secret),
		one("configured spaces", diagnose.SecretWhiteSpace, secret, " "+secret+"\t"),
		one("signer's space after", diagnose.SecretWhiteSpace, secret+" ", secret),
		one("signer's space before", diagnose.SecretWhiteSpace, " "+secret, secret),
		one("configured byte order mark", diagnose.SecretByteOrderMark, secret, "\ufeff"+secret),
		one("signer's byte order mark", diagnose.SecretByteOrderMark, "\ufeff"+secret, secret),
		one("configured zero-width space", diagnose.SecretInvisible, secret, secret+"\u200b"),
		one("signer's zero-width space", diagnose.SecretInvisible, secret+"\u200b", secret),
		one(
			"configured in UTF-16",
			diagnose.SecretCharset,
			secret,
			string(utf16Of(concat([]byte("\ufeff"), secret), false)),
		),
		one("signer's in UTF-16", diagnose.SecretCharset, string(utf16Of([]byte(secret), false)), secret),
		one("configured double quotes", diagnose.SecretQuotes, secret, `"`+secret+`"`),
		one("configured single quotes", diagnose.SecretQuotes, secret, "'"+secret+"'"),
		one("signer's double quotes", diagnose.SecretQuotes, `"`+secret+`"`, secret),
		one("signer's single quotes", diagnose.SecretQuotes, "'"+secret+"'", secret),
		one("configured prefix", diagnose.SecretPrefix, "abc", "whsec_abc"),
		one("signer's prefix", diagnose.SecretPrefix, "whsec_abc", "abc"),
		one("hex", diagnose.SecretHex, decoded(hex.DecodeString(inHex)), inHex),
		one("hex, decoded by the receiver", diagnose.SecretHex, inHex, decoded(hex.DecodeString(inHex))),
		one(
			"upper-case hex, decoded by the receiver",
			diagnose.SecretHex,
			strings.ToUpper(inHex),
			decoded(hex.DecodeString(inHex)),
		),
		one(
			"base64, decoded by the receiver",
			diagnose.SecretBase64,
			inBase64,
			decoded(base64.StdEncoding.DecodeString(inBase64)),
		),
		one(
			"base64url, decoded by the receiver",
			diagnose.SecretBase64,
			inBase64URL,
			decoded(base64.URLEncoding.DecodeString(inBase64URL)),
		),
		one("base64", diagnose.SecretBase64, decoded(base64.StdEncoding.DecodeString(inBase64)), inBase64),
		one("base64url", diagnose.SecretBase64, decoded(base64.URLEncoding.DecodeString(inBase64URL)), inBase64URL),
		one(
			"Standard Webhooks",
			diagnose.SecretBase64,
			decoded(base64.StdEncoding.DecodeString(inBase64)),
			"whsec_"+inBase64,
		),
	}
}

// arrived is a situation in which the bytes signed and the bytes received differ.
func arrived(name string, cause diagnose.Cause, signed, received []byte) situation {
	return situation{name: name, cause: cause, body: received, signature: core.Sign(secret, signed), signed: signed}
}

func ofBytes() []situation {
	body := delivery()
	pretty := indented(body, "  ")
	crlf := bytes.ReplaceAll(pretty, []byte("\n"), []byte("\r\n"))
	// A body that is not JSON has no other form that could match.
	text := []byte("not JSON")
	return []situation{
		arrived("already read", diagnose.BodyAlreadyRead, []byte{}, body),
		arrived("newline added", diagnose.TrailingNewline, text, concat(text, "\n")),
		arrived("CRLF added", diagnose.TrailingNewline, text, concat(text, "\r\n")),
		arrived("newline removed", diagnose.TrailingNewline, concat(body, "\n"), body),
		arrived("CRLF removed", diagnose.TrailingNewline, concat(body, "\r\n"), body),
		arrived("whitespace around", diagnose.OuterWhiteSpace, text, concat([]byte(" \n"), string(text), "\t\n\n")),
		arrived("BOM added", diagnose.ByteOrderMark, body, concat([]byte("\ufeff"), string(body))),
		arrived("BOM removed", diagnose.ByteOrderMark, concat([]byte("\ufeff"), string(body)), body),
		arrived("NUL bytes added", diagnose.TrailingNULs, text, concat(text, strings.Repeat("\x00", 100))),
		arrived("another body added", diagnose.OuterText, body, concat(body, `4"}`)),
		arrived("a log's prefix", diagnose.OuterText, body, concat([]byte("[2023-10-15] body="), string(body), "\n")),
		arrived("the last of two lines", diagnose.OuterText, body, concat(indented(body, ""), "\n", string(body))),
		arrived("chunk sizes", diagnose.ChunkFraming, text, []byte("5\r\nnot J\r\n3\r\nSON\r\n0\r\n\r\n")),
		arrived("the last chunk", diagnose.ChunkFraming, text, concat(text, "\r\n0\r\n\r\n")),
		arrived(
			"a request",
			diagnose.HTTPMessage,
			text,
			[]byte("POST / HTTP/1.1\r\nHost: example.com\r\n\r\nnot JSON"),
		),
		arrived("LF to CRLF", diagnose.LineEnds, pretty, crlf),
		arrived("CRLF to LF", diagnose.LineEnds, crlf, pretty),
		arrived("LF to CR", diagnose.LineEnds, pretty, bytes.ReplaceAll(pretty, []byte("\n"), []byte("\r"))),
	}
}

func ofWrappings() []situation {
	body := delivery()
	quoted, _ := json.Marshal(string(body))
	twice, _ := json.Marshal(string(quoted))
	lambda, _ := json.Marshal(
		map[string]any{"version": "2.0", "isBase64Encoded": true, "body": base64.StdEncoding.EncodeToString(body)},
	)
	queue, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{"messageId": "1", "body": string(body)}}})
	inQueue, _ := json.Marshal(map[string]any{"Message": string(queue)})
	twiceEnveloped, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{"body": string(inQueue)}}})
	relay := concat([]byte(`{"source":"relay","payload":`), string(body), "}")
	compressed := func(open func(io.Writer) io.WriteCloser) []byte {
		var b bytes.Buffer
		w := open(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		return b.Bytes()
	}
	return []situation{
		arrived(
			"gzip",
			diagnose.Compressed,
			body,
			compressed(func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		),
		arrived(
			"zlib",
			diagnose.Compressed,
			body,
			compressed(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }),
		),
		arrived("deflate", diagnose.Compressed, body, compressed(func(w io.Writer) io.WriteCloser {
			f, _ := flate.NewWriter(w, flate.DefaultCompression)
			return f
		})),
		arrived(
			"form field",
			diagnose.FormEncoded,
			body,
			[]byte(url.Values{"payload": {string(body)}, "a": {"b"}}.Encode()),
		),
		arrived("form name", diagnose.FormEncoded, body, []byte(url.QueryEscape(string(body))+"=")),
		arrived("percent-encoded", diagnose.PercentEncoded, body, []byte(url.PathEscape(string(body)))),
		arrived("form decoded to a re-encoded body", diagnose.FormEncoded, body,
			[]byte(url.Values{"payload": {string(urlrtest.Reencode(body))}}.Encode())),
		arrived("multipart", diagnose.MultipartEncoded, body, multipartOf(body)),
		arrived("base64", diagnose.Base64Encoded, body, []byte(base64.StdEncoding.EncodeToString(body)+"\n")),
		arrived("base64url", diagnose.Base64Encoded, body, []byte(base64.RawURLEncoding.EncodeToString(body))),
		arrived(
			"base64 in quotes",
			diagnose.Base64Encoded,
			body,
			[]byte(`"`+base64.StdEncoding.EncodeToString(body)+`"`),
		),
		arrived("hexadecimal", diagnose.HexEncoded, body, []byte(hex.EncodeToString(body))),
		arrived("bytea", diagnose.HexEncoded, body, []byte(`\x`+hex.EncodeToString(body))),
		arrived("in an array", diagnose.JSONEnvelope, body, concat([]byte("["), string(body), "]")),
		arrived("in a message of a queue's message", diagnose.JSONEnvelope, body, twiceEnveloped),
		arrived("JSON string", diagnose.JSONString, body, quoted),
		arrived("JSON string of a JSON string", diagnose.JSONString, body, twice),
		arrived("in base64 in a function's event", diagnose.JSONEnvelope, body, lambda),
		arrived("in a queue's message", diagnose.JSONEnvelope, body, queue),
		arrived("in a relay's document", diagnose.JSONEnvelope, body, relay),
	}
}

func ofCharsets() []situation {
	body := urlrtest.Reencode(delivery()) // é, in UTF-8
	euro := []byte(`{"label":"5 € – été"}`)
	inLatin1 := bytes.ReplaceAll(body, []byte("é"), []byte{0xe9})
	inLatin1 = bytes.ReplaceAll(inLatin1, []byte("É"), []byte{0xc9})
	in1252 := []byte("{\"label\":\"5 \x80 \x96 \xe9t\xe9\"}")
	return []situation{
		arrived("UTF-8 to ISO-8859-1", diagnose.OtherCharset, body, inLatin1),
		arrived("ISO-8859-1 to UTF-8", diagnose.OtherCharset, inLatin1, body),
		arrived("UTF-8 to windows-1252", diagnose.OtherCharset, euro, in1252),
		arrived("windows-1252 to UTF-8", diagnose.OtherCharset, in1252, euro),
		arrived("UTF-8 taken for windows-1252", diagnose.OtherCharset, []byte(`{"a":"é–"}`), []byte(`{"a":"Ã©â€“"}`)),
		arrived("UTF-8 to UTF-16LE", diagnose.OtherCharset, body, utf16Of(body, false)),
		arrived(
			"UTF-8 to UTF-16BE with BOM",
			diagnose.OtherCharset,
			body,
			utf16Of(concat([]byte("\ufeff"), string(body)), true),
		),
		arrived("UTF-16LE to UTF-8", diagnose.OtherCharset, utf16Of(body, false), body),
		arrived("UTF-16BE to UTF-8", diagnose.OtherCharset, utf16Of(body, true), body),
		arrived(
			"UTF-16LE with BOM to UTF-8",
			diagnose.OtherCharset,
			utf16Of(concat([]byte("\ufeff"), string(body)), false),
			body,
		),
	}
}

func ofEncodings() []situation {
	php := delivery()
	plain := canonicalPlain(php)
	upper := bytes.ReplaceAll(
		bytes.ReplaceAll(php, []byte(`\u00e9`), []byte(`\u00E9`)),
		[]byte(`\u00c9`),
		[]byte(`\u00C9`),
	)
	asciiPlain := bytes.ReplaceAll(php, []byte(`\/`), []byte(`/`))
	byGo, _ := json.Marshal(json.RawMessage(plain)) // escapes for HTML
	return []situation{
		arrived("slashes escaped", diagnose.SlashEscapes, asciiPlain, php),
		arrived("slashes unescaped", diagnose.SlashEscapes,
			bytes.ReplaceAll(urlrtest.Reencode(php), []byte(`/`), []byte(`\/`)), urlrtest.Reencode(php)),
		arrived("characters escaped", diagnose.UnicodeEscapes, plain, asciiPlain),
		arrived("characters unescaped", diagnose.UnicodeEscapes, asciiPlain, plain),
		arrived("digits in lower case", diagnose.UnicodeEscapes, upper, php),
		arrived("beyond the BMP", diagnose.UnicodeEscapes, []byte(`{"a":"\uD83D\uDE00"}`), []byte(`{"a":"😀"}`)),
		arrived(
			"surrogate pairs unescaped",
			diagnose.UnicodeEscapes,
			[]byte(`{"a":"/\n😀"}`),
			[]byte(`{"a":"/\n\ud83d\ude00"}`),
		),
		arrived("escapes of Go removed", diagnose.HTMLEscapes, byGo, plain),
		arrived("escapes of Go added", diagnose.HTMLEscapes, plain, byGo),
		arrived("indented by 2 spaces", diagnose.PrettyPrinted, plain, indented(plain, "  ")),
		arrived("indented by 4 spaces", diagnose.PrettyPrinted, asciiPlain, indented(asciiPlain, "    ")),
		arrived("indentation of 2 spaces removed", diagnose.PrettyPrinted, indented(php, "  "), php),
		arrived("indentation of 4 spaces removed", diagnose.PrettyPrinted, indented(php, "    "), php),
		arrived("indentation by tabs removed", diagnose.PrettyPrinted, indented(php, "\t"), php),
		arrived(
			"JSON_HEX_TAG",
			diagnose.PHPHexFlags,
			[]byte(strings.NewReplacer("<", `\u003C`, ">", `\u003E`).Replace(string(php))),
			php,
		),
		arrived("jq", diagnose.PrettyPrinted, concat(indented(plain, "  "), "\n"), plain),
		arrived("JSON.stringify", diagnose.Reencoded, plain, php),
		arrived(
			"UTF-8 with slashes escaped",
			diagnose.Reencoded,
			bytes.ReplaceAll(byGo, []byte("/"), []byte(`\/`)),
			php,
		),
		arrived("json.dumps", diagnose.Reencoded, byPython(php), php),
		arrived("json.Encoder", diagnose.Reencoded, concat(byGo, "\n"), php),
		arrived("PHP pretty print", diagnose.Reencoded, indented(php, "    "), urlrtest.Reencode(php)),
	}
}

func ofOrders() []situation {
	list := []situation{
		arrived(
			"with a field that URLR may add",
			diagnose.KeyOrder,
			[]byte(
				`{"event":"e","link":{"code":"c","a":1},"timestamp":1,"device":2}`,
			),
			[]byte(`{"device":2,"event":"e","link":{"a":1,"code":"c"},"timestamp":1}`),
		),
	}
	for _, g := range urlrtest.Generations() {
		body := urlrtest.Body(click(), g)
		js, _ := core.Canonicalize(nil, body, core.FormJS)
		list = append(
			list,
			arrived("sorted on the way, "+string(g), diagnose.KeyOrder, body, sorted(body)),
			arrived(
				"sorted and indented on the way, "+string(g),
				diagnose.KeyOrder,
				body,
				indented(sorted(body), "  "),
			),
			arrived("sorted, signed by the Node recipe, "+string(g), diagnose.KeyOrder, js, sorted(body)),
			arrived("sorted before it was signed, "+string(g), diagnose.KeyOrder, sorted(body), body),
			arrived(
				"sorted and indented before it was signed, "+string(g),
				diagnose.KeyOrder,
				indented(sorted(body), "    "),
				body,
			),
		)
	}
	return list
}

const sample = `{
    "event": "link_clicked",
    "link": {
        "code": "yBPhx",
        "label": 'say "hi", it\u0027s',
    },
    "country": 'null',
    "timestamp": 1697398126,
}`

func ofSamples() []situation {
	php := []byte(
		`{"event":"link_clicked",` +
			`"link":{"code":"yBPhx","label":"say \"hi\", it's"},"country":null,"timestamp":1697398126}`,
	)
	text := bytes.Replace(php, []byte("null"), []byte(`"null"`), 1)
	return []situation{
		arrived("null", diagnose.DocumentationSample, php, []byte(sample)),
		arrived("'null'", diagnose.DocumentationSample, text, []byte(sample)),
	}
}

func concat(b []byte, more ...string) []byte {
	return append(bytes.Clone(b), strings.Join(more, "")...)
}

func indented(body []byte, indent string) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", indent); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// canonicalPlain is what JSON.stringify writes: UTF-8, unescaped slashes.
func canonicalPlain(body []byte) []byte {
	js, err := core.Canonicalize(nil, body, core.FormJS)
	if err != nil {
		panic(err)
	}
	return bytes.ReplaceAll(js, []byte(`\/`), []byte(`/`))
}

// byPython is what json.dumps writes: ASCII, unescaped slashes, spaces.
func byPython(body []byte) []byte {
	return []byte(strings.NewReplacer("É", `\u00c9`, "é", `\u00e9`).Replace(string(urlrtest.Reencode(body))))
}

// sorted is what encoding/json writes for a map: sorted keys, escaped for HTML.
func sorted(body []byte) []byte {
	var document map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		panic(err)
	}
	text, err := json.Marshal(document)
	if err != nil {
		panic(err)
	}
	return text
}

func multipartOf(body []byte) []byte {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("a", "b")
	_ = w.WriteField("payload", string(body))
	_ = w.Close()
	return b.Bytes()
}

func utf16Of(text []byte, bigEndian bool) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(string(text))) {
		high, low := byte(unit>>8), byte(unit)
		if bigEndian {
			b = append(b, high, low)
		} else {
			b = append(b, low, high)
		}
	}
	return b
}

func gzipOf(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Bytes()
}

func swapped(secret string, body []byte) string {
	h := hmac.New(sha256.New, body)
	h.Write([]byte(secret))
	return hex.EncodeToString(h.Sum(nil))
}
