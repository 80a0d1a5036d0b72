package diagnose

import (
	"bytes"
	"io"
	"net/http/httputil"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

func withoutNULs(body []byte, try try) {
	if whole := bytes.TrimRight(body, "\x00"); len(whole) < len(body) {
		try("the NUL bytes at the end of the body are removed", whole)
	}
}

// withoutChunks decodes chunked transfer coding (RFC 9112, section 7.1), whose end may be missing.
func withoutChunks(body []byte, try try) {
	const how = "the chunk sizes are removed from the body"
	content, _ := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(body)))
	if len(content) > 0 {
		try(how, content)
	}
	try(how, bytes.TrimSuffix(body, []byte("\r\n0\r\n\r\n")))
}

// withoutHeaders tries what follows the first empty line, whether lines end in LF or CRLF.
func withoutHeaders(body []byte, try try) {
	for _, empty := range []string{"\r\n\r\n", "\n\n"} {
		if headers, content, found := bytes.Cut(body, []byte(empty)); found && bytes.Contains(headers, []byte(": ")) {
			try("the headers before the body are removed", content)
			try("the headers before the body and the newline after it are removed", bytes.TrimRight(content, "\r\n"))
		}
	}
}

// documentAlone tries the first and the last document in a body, without the text around them.
func documentAlone(body []byte, try try) {
	const how = "the text around the document in the body is removed"
	lastLine := bytes.TrimSpace(body)
	lastLine = lastLine[bytes.LastIndexByte(lastLine, '\n')+1:]
	for _, text := range [][]byte{body, lastLine} {
		document := firstObject(text)
		if document != nil && len(document) < len(bytes.TrimSpace(body)) && try(how, document) {
			return
		}
	}
}

// firstObject returns the object that begins at the first brace in a text, or nil.
func firstObject(text []byte) []byte {
	start := bytes.IndexByte(text, '{')
	if start < 0 {
		return nil
	}
	text = text[start:]
	var s jsondoc.Scanner
	s.Reset(bytes.ToValidUTF8(text, []byte("?"))) // what comes after the object may be anything
	if kind := s.Next(); kind == jsondoc.ObjectStart {
		s.Skip(kind)
	}
	if s.Err() != nil || s.Offset() > len(text) {
		return nil
	}
	return text[:s.Offset()]
}
