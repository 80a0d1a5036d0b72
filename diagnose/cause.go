package diagnose

// A Cause is why a signature does not match. Its value is stable, so scripts can rely on it.
type Cause string

const (
	// None is the cause of an authentic delivery.
	None Cause = ""
	// Unknown is the cause if undoing nothing makes the signature match. [Report.Suspicion] says
	// where to look.
	Unknown Cause = "unknown"
)

// Causes that are visible without computing a MAC.
const (
	NoSecret           Cause = "no-secret"           // no secret was given, or only blank ones
	NoSignature        Cause = "no-signature"        // there is no signature
	MalformedSignature Cause = "malformed-signature" // not 64 hexadecimal digits in any reading
	EmptyBody          Cause = "empty-body"          // the body is empty, but not what was signed
)

// Causes in the signature.
const (
	SignatureWhiteSpace Cause = "signature-white-space" // whitespace around it
	SignatureQuotes     Cause = "signature-quotes"      // quotes around it
	SignaturePrefix     Cause = "signature-prefix"      // something before it, such as sha256=
	SignatureBase64     Cause = "signature-base64"      // base64 instead of hexadecimal
	SignatureTruncated  Cause = "signature-truncated"   // only the first digits of the correct one
)

// Causes in the algorithm of the signer.
const (
	HMACSHA1           Cause = "hmac-sha1"           // HMAC-SHA1
	HMACSHA384         Cause = "hmac-sha384"         // HMAC-SHA384
	HMACSHA512         Cause = "hmac-sha512"         // HMAC-SHA512
	HMACMD5            Cause = "hmac-md5"            // HMAC-MD5
	SwappedHMAC        Cause = "swapped-hmac"        // the body is the key, the secret is the message
	UnkeyedSHA256      Cause = "unkeyed-sha256"      // SHA-256 of the body alone
	ConcatenatedSHA256 Cause = "concatenated-sha256" // SHA-256 of the secret and the body, concatenated
	TimestampSigned    Cause = "timestamp-signed"    // a timestamp is signed with the body, as Stripe does
)

// Causes in the secret.
const (
	AnotherSecret       Cause = "another-secret"         // one of the other secrets given, not the first
	EmptySecret         Cause = "empty-secret"           // the signer has no secret
	SecretNewline       Cause = "secret-newline"         // a newline at the end, on one side only
	SecretWhiteSpace    Cause = "secret-white-space"     // other whitespace around it, on one side only
	SecretByteOrderMark Cause = "secret-byte-order-mark" //nolint:gosec // a byte order mark before it, on one side only
	SecretInvisible     Cause = "secret-invisible"       // invisible characters in it, on one side only
	SecretCharset       Cause = "secret-charset"         // one side encodes it in UTF-16 or another charset
	SecretQuotes        Cause = "secret-quotes"          // quotes around it, on one side only
	SecretPrefix        Cause = "secret-prefix"          // whsec_ before it, on one side only
	SecretHex           Cause = "secret-hex"             // one side decodes it from hexadecimal
	SecretBase64        Cause = "secret-base64"          // one side decodes it from base64
)

// Causes in the bytes of the body.
const (
	BodyAlreadyRead  Cause = "body-already-read" // the signature is that of an empty body
	TrailingNewline  Cause = "trailing-newline"  // a newline at the end, added or removed
	TrailingNULs     Cause = "trailing-nuls"     // NUL bytes at the end, added
	OuterText        Cause = "outer-text"        // text before or after the document, added
	OuterWhiteSpace  Cause = "outer-white-space" // other whitespace around the body, added
	ByteOrderMark    Cause = "byte-order-mark"   // a byte order mark, added or removed
	LineEnds         Cause = "line-ends"         // LF instead of CRLF, or vice versa
	OtherCharset     Cause = "other-charset"     // another charset than was signed
	ChunkFraming     Cause = "chunk-framing"     // the body still contains the framing of chunked transfer coding
	HTTPMessage      Cause = "http-message"      // the body follows the headers of the request
	Compressed       Cause = "compressed"        // the body is compressed, but was signed uncompressed
	FormEncoded      Cause = "form-encoded"      // the body is in a form
	PercentEncoded   Cause = "percent-encoded"   // the body is percent-encoded, but not as a form
	MultipartEncoded Cause = "multipart-encoded" // the body is in a part of multipart/form-data
	Base64Encoded    Cause = "base64-encoded"    // the body is in base64
	HexEncoded       Cause = "hex-encoded"       // the body is in hexadecimal
	ByteList         Cause = "byte-list"         // the body is a list of bytes, such as Node's Buffer in JSON
	PythonBytes      Cause = "python-bytes"      // the body is Python's b'…'
	BodyQuotes       Cause = "body-quotes"       // quotes around the body: of a shell, of CSV, of a language
	LogEscaped       Cause = "log-escaped"       // the quotes in the body are escaped, as in a log
	JSONString       Cause = "json-string"       // the body is a JSON string of JSON
	JSONEnvelope     Cause = "json-envelope"     // the body is a value inside another JSON document
)

// Causes in how the JSON of the body is written.
const (
	DocumentationSample Cause = "documentation-sample" // trailing commas or single quotes, as in URLR's documentation
	PrintedObject       Cause = "printed-object"       // an object as Python, JavaScript or Ruby prints it
	HTMLEntities        Cause = "html-entities"        // &amp; instead of &, also in the strings
	SlashEscapes        Cause = "slash-escapes"        // / instead of \/, or vice versa
	UnicodeEscapes      Cause = "unicode-escapes"      // é instead of \u00e9, or vice versa
	HTMLEscapes         Cause = "html-escapes"         // < instead of \u003c, or vice versa; also > and &
	PHPHexFlags         Cause = "php-hex-flags"        // signed as PHP writes it with JSON_HEX_TAG and the like
	PrettyPrinted       Cause = "pretty-printed"       // other line breaks and indentation
	KeyOrder            Cause = "key-order"            // the members of objects in another order
	Reencoded           Cause = "re-encoded"           // written by another JSON encoder: several of the above at once
)

// Causes in the content of the document.
const (
	DroppedMembers Cause = "dropped-members" // members that are null or false were left out
	AddedMembers   Cause = "added-members"   // members were added to the event
	RenamedMembers Cause = "renamed-members" // isQrcode instead of is_qrcode
	ChangedTypes   Cause = "changed-types"   // "5" instead of 5, "" instead of null, and the like
)
