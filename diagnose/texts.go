package diagnose

// A text is what a report says of a cause, whatever was found.
type text struct{ why, fix string }

const (
	readRawFix = "Verify the bytes as received: read the body before any middleware that parses it, " +
		"and tell the gateway to pass bodies through unchanged."
	copyAgainFix = "Configure the secret key of the link's folder exactly as URLR shows it, and restart the service."
	asItIsFix    = "Use the characters of the secret as they are, at both sides: not decoded from hexadecimal or base64."
	senderFix    = "Let the sender compute core.Sign(secret, body): the HMAC-SHA256 of the body in hexadecimal. URLR itself does."
	headerFix    = "Pass on the value of the x-signature header as it is: 64 hexadecimal digits and nothing else."
)

var texts = map[Cause]text{
	Unknown: {
		"That leaves a secret that is not among the given ones, a body that was changed in another way or more than once, or a forged signature.",
		"Check that the secret is the one of the link's folder, and that body and signature are of the same delivery, saved byte for byte.",
	},
	NoSecret: {
		"Without the secret nothing can be verified. An environment variable that is not set reads as an empty secret.",
		"Give the secret key of the link's folder, in URLR_WEBHOOK_SECRET for instance.",
	},
	NoSignature: {
		"URLR signs each delivery. A proxy removed the x-signature header, or the request is not from URLR.",
		"Let each proxy pass on the x-signature header. CGI and PHP call it HTTP_X_SIGNATURE.",
	},
	MalformedSignature: {
		"URLR sends 64 hexadecimal digits. This is another header, two values joined in one, or the scheme of another service.",
		headerFix,
	},

	SignatureWhiteSpace: {"It was copied with a space or a newline, or read from a file that ends with one.", headerFix},
	SignatureQuotes:     {"It was copied out of JSON, a log or a shell script, together with the quotes.", headerFix},
	SignaturePrefix: {
		"Other services name the algorithm or the version before the signature, and some code adds what they have. URLR sends none.",
		headerFix,
	},
	SignatureBase64: {"The signer encodes the MAC in base64, as other services do. URLR encodes it in hexadecimal.", senderFix},
	SignatureTruncated: {
		"A log, a database column or a terminal cut it. A verifier accepts all 64 digits only: fewer are easier to forge.",
		"Make room for 64 characters wherever the signature is kept, and take it from the request again.",
	},

	HMACSHA1:      {"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.", senderFix},
	HMACSHA512:    {"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.", senderFix},
	HMACMD5:       {"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.", senderFix},
	UnkeyedSHA256: {"The signer hashes without a key. Anybody can do that, so it proves nothing.", senderFix},
	ConcatenatedSHA256: {
		"The signer hashes the secret together with the body instead of using HMAC. After secret + body, forgers can append to the body.",
		senderFix,
	},

	AnotherSecret: {
		"Each folder of URLR has a secret of its own, and a rotated one is replaced at both sides at different times.",
		"Configure this secret for the folder. While rotating, accept both with core.WithSecrets; with several folders use core.WithSecretFunc.",
	},
	EmptySecret: {
		"The signer's secret is not set, so it signs with an empty key. Anybody can do that, so it proves nothing.",
		"Set the secret where the signature is made: is the environment variable exported?",
	},
	SecretNewline: {
		"The secret was read from a file, or made by echo, which ends with a newline.",
		"Store it without the newline (printf %s instead of echo), or remove the newline after reading the file.",
	},
	SecretWhiteSpace: {"A space was copied along with the secret.", copyAgainFix},
	SecretQuotes: {
		"Docker's --env-file and some YAML take quotes as a part of the value; shells and most .env libraries remove them.",
		"Write the secret without quotes, or remove them where it is read.",
	},
	SecretPrefix: {
		"Standard Webhooks and Stripe put whsec_ before a secret, and some of their libraries remove it. Here it counts like any other character.",
		copyAgainFix,
	},
	SecretHex: {"One side takes the secret for hexadecimal digits and decodes it. URLR uses its characters as they are.", asItIsFix},
	SecretBase64: {
		"One side takes the secret for base64 and decodes it, as Standard Webhooks does. URLR uses its characters as they are.",
		asItIsFix,
	},

	BodyAlreadyRead: {
		"A request's body can be read once. Something had read it before it was hashed, so the hash is of nothing.",
		"Read the body once, keep the bytes, and hash and parse those. In Go, VerifyRequest puts the body back for later handlers.",
	},
	TrailingNewline: {
		"Editors, echo, curl -d @file and JSON encoders add a newline at the end, or remove it.",
		"Send and save the body byte for byte: curl --data-binary @file, printf %s instead of echo.",
	},
	OuterWhiteSpace: {
		"A template, an editor or a copy by hand added white space around the body.",
		"Send and save the body byte for byte: curl --data-binary @file.",
	},
	ByteOrderMark: {
		"Editors and tools on Windows begin files with a byte order mark; others remove it.",
		"Save the body as UTF-8 without BOM, and let nothing decode it before it is verified.",
	},
	LineEnds: {
		"Git, an editor, curl -d or a transfer in text mode converted the line ends.",
		"Send and save the body byte for byte: curl --data-binary @file, and \"-text\" in .gitattributes.",
	},
	OtherCharset: {"Something decoded the body into text and encoded it in another charset.", readRawFix},
	Compressed: {
		"The sender or a proxy compressed the body after it was signed, and nothing decompressed it.",
		"Decompress before verifying, with a limit to the size, or tell the proxy not to compress requests.",
	},
	FormEncoded: {
		"The body was posted as application/x-www-form-urlencoded: the default of many HTTP clients, curl -d among them.",
		"Send the JSON itself as the body, with content-type: application/json.",
	},
	MultipartEncoded: {
		"The body was posted as multipart/form-data, as file uploads and curl -F do.",
		"Send the JSON itself as the body, with content-type: application/json.",
	},
	Base64Encoded: {
		"API gateways hand bodies to functions in base64; AWS says so with isBase64Encoded.",
		"Decode the body before verifying it.",
	},
	JSONString: {
		"The JSON was encoded once more: JSON.stringify, or a client's json option, was given text instead of an object.",
		"Encode the body once, and send that text as it is.",
	},
	JSONEnvelope: {
		"A function, a queue or a relay hands on the delivery inside of a document of its own.",
		"Verify the value that is the delivery's body, not the document around it.",
	},

	DocumentationSample: {
		"The sample in URLR's documentation has trailing commas and single quotes, which JSON does not allow. Real bodies have neither.",
		"Test with bodies as URLR writes them: package urlrtest makes them for each generation.",
	},
	SlashEscapes: {`PHP writes "/" as "\/"; most other encoders do not. Both are the same JSON, but not the same bytes.`, readRawFix},
	UnicodeEscapes: {
		`PHP and Python write "é" as "\u00e9"; most other encoders write UTF-8. Both are the same JSON, but not the same bytes.`,
		readRawFix,
	},
	HTMLEscapes: {
		`Go's encoding/json writes "<", ">" and "&" as "\u003c", "\u003e" and "\u0026"; most other encoders do not.`,
		readRawFix + " In Go, SetEscapeHTML(false) turns these escapes off.",
	},
	PrettyPrinted: {"Something formatted the JSON for people to read, or removed that formatting, after it was signed.", readRawFix},
	KeyOrder: {
		"Something parsed the JSON and wrote it again with its keys in another order: the maps of many languages sort them or forget it.",
		readRawFix,
	},
	Reencoded: {"Something parsed the JSON and wrote it again. The document is the same, but the bytes are not.", readRawFix},
}
