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

// withoutChunks reads a body in chunked transfer coding (RFC 9112, section 7.1), whose end may be missing.
func withoutChunks(body []byte, try try) {
	const how = "the chunk sizes are removed from the body"
	content, _ := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(body)))
	if len(content) > 0 {
		try(how, content)
	}
	try(how, bytes.TrimSuffix(body, []byte("\r\n0\r\n\r\n")))
}

// withoutHeaders takes what comes after an empty line, whether or not the lines end with CRLF.
func withoutHeaders(body []byte, try try) {
	for _, empty := range []string{"\r\n\r\n", "\n\n"} {
		if headers, content, found := bytes.Cut(body, []byte(empty)); found && bytes.Contains(headers, []byte(": ")) {
			try("the headers before the body are removed", content)
			try("the headers before the body and the newline after it are removed", bytes.TrimRight(content, "\r\n"))
		}
	}
}

// documentAlone takes the first and the last of several documents, or the only one, with something behind it.
func documentAlone(body []byte, try try) {
	const how = "what follows the document in the body is removed"
	var s jsondoc.Scanner
	s.Reset(body)
	if kind := s.Next(); kind == jsondoc.ObjectStart || kind == jsondoc.ArrayStart {
		s.Skip(kind)
	}
	end := s.Offset()
	if s.Err() != nil || end == len(body) || len(bytes.TrimSpace(body[:end])) == 0 {
		return
	}
	rest := bytes.TrimSpace(body[end:])
	if len(rest) == 0 || try(how, body[:end]) {
		return
	}
	try("what comes before the last line of the body is removed", rest[bytes.LastIndexByte(rest, '\n')+1:])
}
