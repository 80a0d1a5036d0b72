package jsondoc

// A Layout is the layout of an encoder's output. The zero Layout is compact and keeps strings as
// written.
type Layout struct {
	Spaces    bool   // a space after each comma and colon
	Indent    string // if not empty, each member and element on its own indented line, and a space after colons
	Unescaped bool   // write strings with the fewest escapes
}

// Append appends text in this layout. If s rejects the text, it returns what precedes the fault,
// and the error.
func (l Layout) Append(dst, text []byte, s *Scanner) ([]byte, error) {
	s.Reset(text)
	level := 0
	previous := Name // nothing precedes the first token
	for {
		kind := s.Next()
		if kind == End || kind == Invalid {
			return dst, s.Err()
		}
		if isEnd(kind) {
			level--
		}
		dst = l.separate(dst, previous, kind, level)
		dst = l.token(dst, kind, s)
		if isStart(kind) {
			level++
		}
		previous = kind
	}
}

func isStart(k Kind) bool { return k == ObjectStart || k == ArrayStart }
func isEnd(k Kind) bool   { return k == ObjectEnd || k == ArrayEnd }

// separate appends what comes between two tokens, except the colon.
func (l Layout) separate(dst []byte, previous, kind Kind, level int) []byte {
	switch {
	case previous == Name, isStart(previous) && isEnd(kind):
		return dst
	case isStart(previous), isEnd(kind):
		return l.newLine(dst, level)
	case l.Indent != "":
		return l.newLine(append(dst, ','), level)
	case l.Spaces:
		return append(dst, ", "...)
	default:
		return append(dst, ',')
	}
}

func (l Layout) newLine(dst []byte, level int) []byte {
	if l.Indent == "" {
		return dst
	}
	dst = append(dst, '\n')
	for range level {
		dst = append(dst, l.Indent...)
	}
	return dst
}

// token appends the current token, and the colon after a name.
func (l Layout) token(dst []byte, kind Kind, s *Scanner) []byte {
	if l.Unescaped && (kind == Name || kind == String) {
		dst = AppendQuoted(dst, s.Text())
	} else {
		dst = append(dst, s.Literal()...)
	}
	switch {
	case kind != Name:
		return dst
	case l.Spaces || l.Indent != "":
		return append(dst, ": "...)
	default:
		return append(dst, ':')
	}
}

// AppendQuoted appends value, which must be valid UTF-8, as a string with the fewest escapes.
func AppendQuoted(dst, value []byte) []byte {
	dst = append(dst, '"')
	for _, c := range value {
		if classes[c]&^(nonASCII|slash) == 0 {
			dst = append(dst, c)
		} else {
			dst = appendEscape(dst, c)
		}
	}
	return append(dst, '"')
}
