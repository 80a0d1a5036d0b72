package diagnose

// A Cause is why a signature does not match. Its value is stable, for scripts.
type Cause string

const (
	// None is the cause of an authentic delivery.
	None Cause = ""
	// Unknown is the cause if nothing that can be undone makes the signature match.
	Unknown Cause = "unknown"
)

// Causes without which nothing can match. They are found by looking, not by computing.
const (
	NoSecret           Cause = "no-secret"           // no secret was given, or only empty ones
	NoSignature        Cause = "no-signature"        // there is no signature
	MalformedSignature Cause = "malformed-signature" // not 64 hexadecimal digits, and nothing makes them of it
)

// Causes in the signature.
const (
	SignatureWhiteSpace Cause = "signature-white-space" // white space around it
	SignatureQuotes     Cause = "signature-quotes"      // quotes around it
	SignaturePrefix     Cause = "signature-prefix"      // something before it, such as sha256=
	SignatureBase64     Cause = "signature-base64"      // base64 instead of hexadecimal
	SignatureTruncated  Cause = "signature-truncated"   // the right one, but only its first digits
)

// Causes in the algorithm of the signer.
const (
	HMACSHA1           Cause = "hmac-sha1"           // HMAC-SHA1
	HMACSHA512         Cause = "hmac-sha512"         // HMAC-SHA512
	HMACMD5            Cause = "hmac-md5"            // HMAC-MD5
	UnkeyedSHA256      Cause = "unkeyed-sha256"      // SHA-256 of the body alone
	ConcatenatedSHA256 Cause = "concatenated-sha256" // SHA-256 of secret and body, one after the other
)

// Causes in the secret.
const (
	AnotherSecret    Cause = "another-secret"     // not the first one given, but one of the others
	EmptySecret      Cause = "empty-secret"       // the signer has none
	SecretNewline    Cause = "secret-newline"     // a newline at the end, at one side only
	SecretWhiteSpace Cause = "secret-white-space" // other white space around it, at one side only
	SecretQuotes     Cause = "secret-quotes"      // quotes around it, at one side only
	SecretPrefix     Cause = "secret-prefix"      // whsec_ before it, at one side only
	SecretHex        Cause = "secret-hex"         // one side decodes it from hexadecimal
	SecretBase64     Cause = "secret-base64"      // one side decodes it from base64
)

// Causes in the bytes of the body.
const (
	BodyAlreadyRead  Cause = "body-already-read" // the signature is that of an empty body
	TrailingNewline  Cause = "trailing-newline"  // a newline at the end, added or removed
	OuterWhiteSpace  Cause = "outer-white-space" // other white space around the body, added
	ByteOrderMark    Cause = "byte-order-mark"   // a byte order mark, added or removed
	LineEnds         Cause = "line-ends"         // LF instead of CRLF, or the other way round
	OtherCharset     Cause = "other-charset"     // not the charset that was signed
	Compressed       Cause = "compressed"        // the body is compressed, what is inside was signed
	FormEncoded      Cause = "form-encoded"      // the body is in a form, or percent-encoded
	MultipartEncoded Cause = "multipart-encoded" // the body is in a part of multipart/form-data
	Base64Encoded    Cause = "base64-encoded"    // the body is in base64
	JSONString       Cause = "json-string"       // the body is a JSON string of JSON
	JSONEnvelope     Cause = "json-envelope"     // the body is a value inside of another JSON document
)

// Causes in how the body is written as JSON.
const (
	DocumentationSample Cause = "documentation-sample" // trailing commas or single quotes, as in URLR's documentation
	SlashEscapes        Cause = "slash-escapes"        // / instead of \/, or the other way round
	UnicodeEscapes      Cause = "unicode-escapes"      // é instead of \u00e9, or the other way round
	HTMLEscapes         Cause = "html-escapes"         // <, > and & instead of \u003c, \u003e and \u0026, or the other way round
	PrettyPrinted       Cause = "pretty-printed"       // other line breaks and indentation
	KeyOrder            Cause = "key-order"            // other order of the members of objects
	Reencoded           Cause = "re-encoded"           // written by another JSON encoder: several of the above at once
)
