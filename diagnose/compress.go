package diagnose

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"

	"github.com/urlr-community/webhooks-go/diagnose/internal/brotli"
)

func decompressed(body []byte, try try) {
	for _, format := range []struct {
		name string
		open func(io.Reader) (io.Reader, error)
	}{
		{"gzip", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{"zlib", func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }},
		{"deflate", func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil }},
	} {
		if plain, err := readCompressed(body, format.open); err == nil {
			try("the body is decompressed ("+format.name+")", plain)
		}
	}
	if plain, err := brotli.Decode(body, MaxBodyBytes+1); err == nil {
		try("the body is decompressed (brotli)", plain)
	}
}

// readCompressed stops just above the size limit of a body, because a few bytes can decompress to
// gigabytes.
func readCompressed(body []byte, open func(io.Reader) (io.Reader, error)) ([]byte, error) {
	r, err := open(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, MaxBodyBytes+1))
}
