package diagnose

import "bytes"

// A try tests whether signed matches the signature and reports whether the search is over. how
// completes "The signature matches if ...". The caller may change signed afterwards.
type try func(how string, signed []byte) (over bool)

// A bodyChange undoes, in one or more ways, what may have happened to a body in transit. The result
// may have been signed in several forms.
type bodyChange struct {
	cause Cause
	undo  func(body []byte, try try)
	forms func(body []byte) []variant
}

// bodyChanges are tried in this order, the more specific ones first.
var bodyChanges = []bodyChange{
	{BodyAlreadyRead, emptied, rawOf},
	{TrailingNewline, newlineAtEnd, formsOf},
	{TrailingNULs, withoutNULs, formsOf},
	{OuterWhiteSpace, trimmed, formsOf},
	{ByteOrderMark, byteOrderMark, formsOf},
	{LineEnds, lineEnds, formsOf},
	{ChunkFraming, withoutChunks, formsOf},
	{HTTPMessage, withoutHeaders, formsOf},
	{Compressed, decompressed, formsOf},
	{PercentEncoded, percentDecoded, formsOf},
	{FormEncoded, fromForm, formsOf},
	{MultipartEncoded, fromMultipart, formsOf},
	{Base64Encoded, fromBase64, formsOf},
	{HexEncoded, fromHex, formsOf},
	{ByteList, fromByteList, formsOf},
	{PythonBytes, fromPythonBytes, formsOf},
	{JSONString, fromJSONString, formsOf},
	{BodyQuotes, withoutQuotes, formsOf},
	{LogEscaped, withoutLogEscapes, formsOf},
	{JSONEnvelope, fromEnvelope, eventsOf},
	{OtherCharset, otherCharset, formsOf},
	{OuterText, documentAlone, documentsOf},
	{DocumentationSample, sampleToJSON, documentsOf},
	{PrintedObject, fromPrintedObject, eventsOf},
	{KeyOrder, reordered, formsOf},

	// Encodings: the same document in other bytes. No other form of it need be tried.
	{SlashEscapes, otherSpelling(slashSpellings), rawOf},
	{UnicodeEscapes, otherSpelling(unicodeSpellings), rawOf},
	{HTMLEscapes, otherSpelling(htmlSpellings), rawOf},
	{PrettyPrinted, otherLayout, rawOf},
	{Reencoded, reencoded, rawOf},
	{PHPHexFlags, hexEscaped, rawOf},
	{KeyOrder, reorderedAndReencoded, rawOf},

	// Documents with different content.
	{HTMLEntities, withoutEntities, documentsOf},
	{DroppedMembers, withDroppedMembers, documentsOf},
	{AddedMembers, withoutAddedMembers, documentsOf},
	{RenamedMembers, renamed, documentsOf},
	{ChangedTypes, retyped, documentsOf},
}

// inBody looks for a cause in the bytes of the body.
func (s *search) inBody() *finding {
	if s.want == nil {
		return nil
	}
	for _, change := range bodyChanges {
		if f := s.undo(change); f != nil {
			return f
		}
	}
	return nil
}

// undo tries all ways of undoing one change.
func (s *search) undo(change bodyChange) *finding {
	var found *finding
	change.undo(s.body, func(how string, signed []byte) bool {
		if found != nil || s.exhausted {
			return true
		}
		if v := s.match(change.forms(signed), s.mac, s.want); v != nil {
			found = &finding{change.cause, how, v.form, s.configured, append([]byte{}, v.bytes...)}
		}
		return found != nil
	})
	return found
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
	try("the whitespace around the body is removed", bytes.TrimSpace(body))
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
