package diagnose

// A text is what a report says about a cause besides what was found.
type text struct{ why, fix string }

const (
	readRawFix = "Verify the bytes as received: read the body before any middleware that parses it, " +
		"and tell the gateway to pass bodies through unchanged."
	copyAgainFix = "Configure the secret key of the link's folder exactly as URLR shows it, and restart the service."
	asItIsFix    = "Use the characters of the secret as they are, on both sides, without decoding them."
	senderFix    = "Let the sender compute core.Sign(secret, body): the HMAC-SHA256 of the body in hexadecimal. " +
		"URLR itself does."
	plainFix = "Store the secret as plain UTF-8 text without anything invisible: " +
		"type or paste it again, and save without a byte order mark."
	readOnceFix = "Read the body once, keep the bytes, and hash and parse those. " +
		"Mount Verify before anything that binds, logs or parses the body. " +
		"Without it, in Go: VerifyRequest, or c.ShouldBindBodyWith in Gin. Node.js: express.raw before express.json. " +
		"PHP: php://input. Python: request.get_data() or await request.body()."
	keepBytesFix = "Verify the bytes as received, before anything decodes them, and pass those on: " +
		"core.Event's Raw, or a json.RawMessage."
	headerFix = "Pass on the value of the x-signature header as it is: 64 hexadecimal digits and nothing else."
)

var texts = map[Cause]text{
	Unknown: {
		"That leaves a secret that is not among the given ones, a body that was changed in another way or more " +
			"than once, or a forged signature.",
		"Check that the secret is the one of the link's folder, and that body and signature are of the same " +
			"delivery, saved byte for byte.",
	},
	EmptyBody: {
		"URLR never sends an empty body. A request's body can be read once: something read it before it got " +
			"here.",
		readOnceFix,
	},
	NoSecret: {
		"Without the secret nothing can be verified. An environment variable that is not set reads as an empty " +
			"secret.",
		"Give the secret key of the link's folder, in URLR_WEBHOOK_SECRET for instance.",
	},
	NoSignature: {
		"URLR signs each delivery. A proxy removed the x-signature header, or the request is not from URLR.",
		"Make every proxy pass on the x-signature header. CGI and PHP call it HTTP_X_SIGNATURE.",
	},
	MalformedSignature: {
		"URLR sends 64 hexadecimal digits. This is another header, two values joined in one, or the scheme of " +
			"another service.",
		headerFix,
	},

	SignatureWhiteSpace: {
		"It was copied with a space or a newline, or read from a file that ends with one.",
		headerFix,
	},
	SignatureQuotes: {"It was copied out of JSON, a log or a shell script, together with the quotes.", headerFix},
	SignaturePrefix: {
		"Other services name the algorithm or the version before the signature, and some code adds what they " +
			"have. URLR sends none.",
		headerFix,
	},
	SignatureBase64: {
		"The signer encodes the MAC in base64, as other services do. URLR encodes it in hexadecimal.",
		senderFix,
	},
	SignatureTruncated: {
		"A log, a database column or a terminal cut it. A verifier accepts all 64 digits only: fewer are easier " +
			"to forge.",
		"Make room for 64 characters wherever the signature is kept, and take it from the request again.",
	},

	HMACSHA1: {
		"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.",
		senderFix,
	},
	HMACSHA384: {
		"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.",
		senderFix,
	},
	HMACSHA512: {
		"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.",
		senderFix,
	},
	HMACMD5: {
		"The signer uses the hash of another service, or the default of its library. URLR uses SHA-256.",
		senderFix,
	},
	SwappedHMAC: {
		"The signer passes key and message in the wrong order. " +
			"Libraries differ: PHP's hash_hmac takes the message first.",
		senderFix,
	},
	UnkeyedSHA256: {"The signer hashes without a key. Anyone can do that, so it proves nothing.", senderFix},
	ConcatenatedSHA256: {
		"The signer hashes the secret together with the body instead of using HMAC. After secret + body, forgers " +
			"can append to the body.",
		senderFix,
	},

	TimestampSigned: {
		"The signer puts a timestamp in front of the body, as Stripe, Slack and Standard Webhooks do. URLR signs " +
			"the body alone.",
		senderFix,
	},

	AnotherSecret: {
		"Each folder of URLR has a secret of its own, and a rotated one is rarely replaced on both sides at the " +
			"same time.",
		"Configure this secret for the folder. While rotating, accept both with core.WithSecrets; with several " +
			"folders use core.WithSecretFunc.",
	},
	EmptySecret: {
		"The signer's secret is not set, so it signs with an empty key. Anyone can do that, so it proves nothing.",
		"Set the secret where the signature is made: is the environment variable exported?",
	},
	SecretNewline: {
		"The secret was read from a file, or made by echo, which ends with a newline.",
		"Store it without the newline (printf %s instead of echo), or remove the newline after reading the file.",
	},
	SecretWhiteSpace: {"A space was copied along with the secret.", copyAgainFix},
	SecretByteOrderMark: {
		"The secret was read from a file that an editor or PowerShell saved with a byte order mark.",
		plainFix,
	},
	SecretInvisible: {
		"It was copied from a web page, a chat or a document, together with invisible characters.",
		plainFix,
	},
	SecretCharset: {
		"One side uses another charset: .NET's Encoding.Unicode and files of PowerShell are " +
			"UTF-16.",
		"Use the secret's bytes in UTF-8 on both sides.",
	},
	SecretQuotes: {
		"Docker's --env-file and some YAML take quotes as a part of the value; shells and most .env libraries " +
			"remove them.",
		"Write the secret without quotes, or remove them where it is read.",
	},
	SecretPrefix: {
		"Standard Webhooks and Stripe put whsec_ before a secret, and some of their libraries remove it. Here it " +
			"counts like any other character.",
		copyAgainFix,
	},
	SecretHex: {
		"One side takes the secret for hexadecimal digits and decodes it. URLR uses its characters as they are.",
		asItIsFix,
	},
	SecretBase64: {
		"One side takes the secret for base64 and decodes it, as Standard Webhooks does. URLR uses its " +
			"characters as they are.",
		asItIsFix,
	},

	BodyAlreadyRead: {
		"A request's body can be read once. Something read it before it was hashed, so nothing was left to hash.",
		readOnceFix,
	},
	TrailingNewline: {
		"Editors, echo, curl -d @file and JSON encoders add a newline at the end, or remove it.",
		"Send and save the body byte for byte: curl --data-binary @file, printf %s instead of echo.",
	},
	OuterWhiteSpace: {
		"A template, an editor or a copy by hand added whitespace around the body.",
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
	TrailingNULs: {
		"The body was read into a buffer of a fixed size, and all of the buffer was taken for the body.",
		"Use as many bytes as were read: buffer[:n].",
	},
	OuterText: {
		"A log wrote its own text in front of the body, a buffer kept bytes of another request, or several " +
			"deliveries were saved in one file.",
		"Verify each body alone, with as many bytes as were read: buffer[:n].",
	},
	ChunkFraming: {
		"Something read the connection itself, without an HTTP parser: chunk sizes are part of the transfer, " +
			"not of the body.",
		"Read the body with the HTTP library.",
	},
	HTTPMessage: {
		"The whole request was saved, with its headers: by curl -i, a proxy's log or a network capture.",
		"Verify what comes after the first empty line.",
	},
	Compressed: {
		"The sender or a proxy compressed the body after it was signed, and nothing decompressed it.",
		"Decompress before verifying, with a size limit, or tell the proxy not to compress requests.",
	},
	FormEncoded: {
		"The body was posted as application/x-www-form-urlencoded: the default of many HTTP clients, curl -d " +
			"among them.",
		"Send the JSON itself as the body, with content-type: application/json.",
	},
	PercentEncoded: {
		"The body was escaped like a part of a URL, as JavaScript's encodeURIComponent does.",
		"Send and save the JSON itself.",
	},
	MultipartEncoded: {
		"The body was posted as multipart/form-data, as file uploads and curl -F do.",
		"Send the JSON itself as the body, with content-type: application/json.",
	},
	Base64Encoded: {
		"API gateways hand bodies to functions in base64; AWS says so with isBase64Encoded.",
		"Decode the body before verifying it.",
	},
	HexEncoded: {
		"A database or a log shows bytes in hexadecimal: PostgreSQL's bytea, buffer.toString('hex').",
		"Decode the body before verifying it.",
	},
	ByteList: {
		"Bytes were encoded as if they were an array: JSON.stringify of a Buffer, fmt.Println of a []byte.",
		"Encode bytes as base64 where they have to be in JSON, and decode them before verifying.",
	},
	PythonBytes: {
		"str() of bytes is how Python shows them, not the text in them.",
		"Verify the bytes themselves: request.get_data() in Flask, await request.body() in FastAPI, request.body " +
			"in Django. body.decode() turns them into text.",
	},
	BodyQuotes: {
		"A shell without single quotes (cmd.exe), a spreadsheet or a print of a string left quotes around " +
			"the body.",
		"Send and save the body byte for byte: curl --data-binary @file.",
	},
	LogEscaped: {
		"The body was copied out of a log or a JSON document, in which its quotes have backslashes.",
		"Take the body from the request itself, or decode it as a JSON string first.",
	},
	JSONString: {
		"The JSON was encoded once more: JSON.stringify, or a client's json option, was given text instead of an " +
			"object.",
		"Encode the body once, and send that text as it is.",
	},
	JSONEnvelope: {
		"A function, a queue or a relay wraps the delivery in a document of its own.",
		"Verify the value that is the delivery's body, not the document around it.",
	},

	DocumentationSample: {
		"The sample in URLR's documentation has trailing commas and single quotes, which JSON does not allow. " +
			"Real bodies have neither.",
		"Test with bodies as URLR writes them: package urlrtest makes them for each generation.",
	},
	PrintedObject: {
		"The parsed document was printed or converted to a string instead of being encoded: str(dict) in Python, " +
			"console.log, inspect in Ruby.",
		readRawFix,
	},
	HTMLEntities: {
		"Something escaped the text for a web page, as a template, htmlspecialchars or a sanitizer does.",
		"Keep the body as received, and escape where a page is made.",
	},
	SlashEscapes: {
		`PHP writes "/" as "\/"; most other encoders do not. Both are the same JSON, but not the same bytes.`,
		readRawFix,
	},
	UnicodeEscapes: {
		`PHP and Python write "é" as "\u00e9"; most other encoders write UTF-8. ` +
			"Both are the same JSON, but not the same bytes.",
		readRawFix,
	},
	HTMLEscapes: {
		`Go's encoding/json writes "<", ">" and "&" as "\u003c", "\u003e" and "\u0026"; most other encoders do not.`,
		readRawFix + " In Go, SetEscapeHTML(false) turns these escapes off.",
	},
	PHPHexFlags: {
		"The signer writes JSON with json_encode's flags for hexadecimal escapes, as Laravel and Symfony do in " +
			"responses.",
		readRawFix,
	},
	PrettyPrinted: {
		"Something formatted the JSON for people to read, or removed that formatting, after it was signed.",
		readRawFix,
	},
	KeyOrder: {
		"Something parsed the JSON and wrote it again with its keys in another order: maps of many languages, " +
			"Go's among them, sort their keys or forget the order.",
		readRawFix,
	},
	Reencoded: {
		"Something parsed the JSON and wrote it again. The document is the same, but the bytes are not.",
		readRawFix,
	},

	DroppedMembers: {
		"Something parsed the JSON and wrote it again without members that are null, false or empty: Gson, " +
			"Jackson's NON_NULL, Go's omitempty.",
		readRawFix,
	},
	AddedMembers: {
		"Something parsed the JSON and wrote it again with members of its own: Rails adds controller and action " +
			"to its params, relays add metadata.",
		readRawFix,
	},
	RenamedMembers: {
		"Something decoded the JSON into a class or a struct and wrote it again with the names of its fields.",
		readRawFix,
	},
	ChangedTypes: {
		"Something parsed the JSON and wrote it again with other types: maps of Java and Lua have 5.0 for 5, " +
			"forms and YAML strings for all, Go's strings \"\" for null.",
		readRawFix,
	},
}

// The texts for keys reordered by Go's encoding/json.
var (
	textOfGoMap = text{
		"Go's encoding/json wrote it again: the body was decoded into a map[string]any, " +
			"whose keys json.Marshal sorts, and < is written as \\u003c.",
		keepBytesFix,
	}
	textOfGoStruct = text{
		"Go's encoding/json wrote it again: the body was decoded into a struct, " +
			"whose fields json.Marshal writes in the order of their declaration, and < is written as \\u003c.",
		keepBytesFix,
	}
)

// suspicions holds the texts for mismatches without a known cause.
var suspicions = map[Suspicion]text{
	SuspectSecret: {
		"So nothing has re-encoded it. The secret is probably not the one that signed it: that of another " +
			"folder, or one replaced since. Or the delivery is forged.",
		"Compare the configured secret with the one that URLR shows for the folder of this link, or give more " +
			"secrets to try. " +
			"Make sure that the signature is of this very delivery.",
	},
	SuspectReencoded: {
		"Something parsed the JSON and wrote it again, in a way that can't be undone. The signature is of the " +
			"bytes before that.",
		readRawFix,
	},
	SuspectContentChanged: {
		"Something decoded the body and wrote another document: what is lost can't be computed.",
		readRawFix,
	},
	SuspectNotJSON: {
		"URLR signs JSON. The body was cut off, decoded or wrapped on its way, or was not sent by URLR.",
		"Save the body of the request byte for byte, with all of its content-length, before anything parses it.",
	},
}
