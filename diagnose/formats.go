package diagnose

import (
	"bytes"
	"regexp"
)

// formatOf names the format of a body that is not JSON, or returns "" if it does not recognize one.
func formatOf(body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "only whitespace"
	}
	for _, f := range binaryFormats {
		if bytes.HasPrefix(body, []byte(f.prefix)) {
			return f.what
		}
	}
	for _, f := range textFormats {
		if f.pattern.Match(body) {
			return f.what
		}
	}
	return ""
}

var binaryFormats = []struct{ what, prefix string }{
	{"compressed with gzip, and cut off or compressed twice", "\x1f\x8b"},
	{"compressed with gzip and then decoded into text, which destroys it", "\x1f\ufffd"},
	{"compressed with zstd, which this can't undo", "\x28\xb5\x2f\xfd"},
	{"in UTF-32", "\xff\xfe\x00\x00"},
	{"in UTF-32", "\x00\x00\xfe\xff"},
	{"in UTF-32", "{\x00\x00\x00"},
}

var textFormats = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"what JavaScript makes of an object used as a string", regexp.MustCompile(`^\s*"?\[object \w+\]`)},
	{"a template that was not filled in", regexp.MustCompile(`^\s*(\{\{|\$\{|<%|%\()`)},
	{"what Go's fmt prints for a map or a struct", regexp.MustCompile(`^\s*(map\[|&\{|[\w.]*\{\w+:[^ ])`)},
	{
		"what PHP's print_r, var_dump, var_export or serialize prints",
		regexp.MustCompile(`^\s*(Array\s*\(|array\s*\(|object\(|stdClass Object|[aO]:\d+:)`),
	},
	{"what Java prints for a map or a record", regexp.MustCompile(`^\s*(\{|\w+\[)\w+=[^>]`)},
	{"an object that a language has printed", regexp.MustCompile(`^\s*[\w.]*[{(\[]\s*('\w+'|:?\w+)\s*(:|=>|=)`)},
	{"what Node.js prints for a Buffer, without what follows the first 50 bytes", regexp.MustCompile(`^\s*<Buffer `)},
	{"HTML or XML", regexp.MustCompile(`^\s*<[!?\w]`)},
	{"YAML", regexp.MustCompile(`^(---\s|\w+: .*\n)`)},
	{"a part of a form", regexp.MustCompile(`^\s*(--\w|[\w%.\[\]-]+=[^=])`)},
}
