package diagnose

import (
	"bytes"

	"github.com/urlr-community/webhooks-go/core"
)

// A try tells whether the search is over. How completes "The signature matches if ..."; signed need not stay as it is.
type try func(how string, signed []byte) (over bool)

// A bodyChange undoes what may have happened to a body on its way, in one or several ways.
type bodyChange struct {
	cause Cause
	undo  func(body []byte, try try)
}

// bodyChanges are tried in all forms of what was signed. What is more specific comes first.
var bodyChanges = []bodyChange{
	{BodyAlreadyRead, emptied},
	{TrailingNewline, newlineAtEnd},
	{OuterWhiteSpace, trimmed},
	{ByteOrderMark, byteOrderMark},
	{LineEnds, lineEnds},
	{Compressed, decompressed},
	{FormEncoded, fromForm},
	{MultipartEncoded, fromMultipart},
	{Base64Encoded, fromBase64},
	{JSONString, fromJSONString},
	{JSONEnvelope, fromEnvelope},
	{OtherCharset, otherCharset},
	{DocumentationSample, sampleToJSON},
	{KeyOrder, reordered},
}

// encodings write the same document in other bytes, so that no other form of them is to be tried.
var encodings = []bodyChange{
	{SlashEscapes, otherSpelling(slashes)},
	{UnicodeEscapes, otherSpelling(beyondASCII)},
	{HTMLEscapes, otherSpelling(htmlCharacters)},
	{PrettyPrinted, otherLayout},
	{Reencoded, reencoded},
	{KeyOrder, reorderedAndReencoded},
}

// inBody looks for a cause in the bytes of the body.
func (s *search) inBody() *finding {
	if s.want == nil {
		return nil
	}
	for _, change := range bodyChanges {
		if f := s.undo(change, formsOf); f != nil {
			return f
		}
	}
	for _, change := range encodings {
		if f := s.undo(change, rawOf); f != nil {
			return f
		}
	}
	return nil
}

func rawOf(body []byte) []variant { return []variant{{core.FormRaw, body}} }

// undo undoes one change in all its ways.
func (s *search) undo(change bodyChange, forms func([]byte) []variant) *finding {
	var found *finding
	change.undo(s.body, func(how string, signed []byte) bool {
		if found != nil || !s.mayHash(signed) {
			return true
		}
		if v := match(forms(signed), s.mac, s.want); v != nil {
			found = &finding{change.cause, how, v.form, s.configured, append([]byte{}, v.bytes...)}
		}
		return found != nil
	})
	return found
}

// mayHash takes what it costs to hash a body off the work that is left.
func (s *search) mayHash(body []byte) bool {
	const overhead = 256 // a MAC of nothing costs as much as hashing this
	if s.work < len(body)+overhead {
		s.exhausted = true
		return false
	}
	s.work -= len(body) + overhead
	return true
}

func emptied(_ []byte, try try) { try("nothing is hashed instead of the body", nil) }

func newlineAtEnd(body []byte, try try) {
	withoutLF := bytes.TrimSuffix(body, []byte("\n"))
	try("the newline at the end of the body is removed", withoutLF)
	try("the newline (CRLF) at the end of the body is removed", bytes.TrimSuffix(withoutLF, []byte("\r")))
	try("a newline is added at the end of the body", concat(body, "\n"))
	try("a newline (CRLF) is added at the end of the body", concat(body, "\r\n"))
}

func trimmed(body []byte, try try) {
	try("the white space around the body is removed", bytes.TrimSpace(body))
}

func lineEnds(body []byte, try try) {
	unix := bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	try("the line ends of the body are LF instead of CRLF", unix)
	try("the line ends of the body are CRLF instead of LF", bytes.ReplaceAll(unix, []byte("\n"), []byte("\r\n")))
	try("the line ends of the body are LF instead of CR", bytes.ReplaceAll(unix, []byte("\r"), []byte("\n")))
}

const utf8BOM = "\ufeff"

func byteOrderMark(body []byte, try try) {
	try("the byte order mark before the body is removed", bytes.TrimPrefix(body, []byte(utf8BOM)))
	try("a byte order mark is added before the body", concat([]byte(utf8BOM), string(body)))
}

// concat returns a new slice.
func concat(body []byte, suffix string) []byte {
	return append(body[:len(body):len(body)], suffix...)
}
