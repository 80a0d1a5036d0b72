package brotli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math/bits"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/diagnose/internal/brotli"
)

const limit = 1 << 20

// compressor compresses each text of its standard input with all settings that make a difference.
const compressor = `
const zlib = require('zlib'), c = zlib.constants
const texts = JSON.parse(require('fs').readFileSync(0)).map((t) => Buffer.from(t, 'base64'))
const all = []
for (const text of texts) {
  const list = []
  for (let quality = 0; quality <= 11; quality++) {
    for (const [mode, window] of [[0, 22], [1, 10], [2, 24], [1, 16], [0, 17]]) {
      list.push(zlib.brotliCompressSync(text, { params: {
        [c.BROTLI_PARAM_QUALITY]: quality, [c.BROTLI_PARAM_MODE]: mode, [c.BROTLI_PARAM_LGWIN]: window,
        [c.BROTLI_PARAM_NPOSTFIX]: quality % 4, [c.BROTLI_PARAM_NDIRECT]: (quality % 4 + 1) << (quality % 4),
      } }).toString('base64'))
    }
  }
  all.push(list)
}
console.log(JSON.stringify(all))
`

func compressed(t *testing.T, texts [][]byte) [][][]byte {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("Node.js must be installed in CI")
		}
		t.Skip("Node.js is not installed")
	}
	input, err := json.Marshal(texts)
	require.NoError(t, err)
	node := exec.Command("node", "-e", compressor)
	node.Stdin = bytes.NewReader(input)
	output, err := node.Output()
	require.NoError(t, err)
	var all [][][]byte
	require.NoError(t, json.Unmarshal(output, &all))
	return all
}

func texts(t *testing.T) [][]byte {
	t.Helper()
	source, err := os.ReadFile("brotli_test.go")
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 20_000)
	var mixed []byte
	const letters = "eat on a while: Été — 北京 "
	for i := range noise {
		noise[i] = byte(random.Uint32())
		mixed = append(mixed, letters[random.IntN(len(letters))])
	}
	const sentence = "The time and the place of the people, Which is not about them; example.com/index.html\" in the "
	words := strings.Repeat(sentence, 3)
	return [][]byte{
		{}, {'a'}, []byte(`{"event":"link_clicked"}`), source, noise, mixed, []byte(words),
		bytes.Repeat([]byte{0}, 100_000),
		alternating(source, noise), bytes.Repeat(source, 20),
		[]byte(strings.ToUpper(words) + "Время И Люди, которые были"),
	}
}

func alternating(a, b []byte) (mixed []byte) {
	for i := 0; i+500 < len(a); i += 500 {
		mixed = append(append(mixed, a[i:i+500]...), b[i:i+500]...)
	}
	return mixed
}

func TestWhatNodeCompresses(t *testing.T) {
	texts := texts(t)
	for i, all := range compressed(t, texts) {
		for j, c := range all {
			got, err := brotli.Decode(c, limit)
			require.NoError(t, err, "text %d, settings %d", i, j)
			require.True(t, bytes.Equal(texts[i], got), "text %d, settings %d", i, j)
		}
	}
}

func TestLimit(t *testing.T) {
	bomb := compressed(t, [][]byte{bytes.Repeat([]byte("0123456789"), 20_000)})[0]
	for _, c := range bomb {
		got, err := brotli.Decode(c, 1000)
		require.NoError(t, err)
		assert.Equal(t, strings.Repeat("0123456789", 100), string(got))
	}
}

// The decoder terminates on any input.
func TestOtherInput(t *testing.T) {
	for _, text := range []string{"", "a", `{"event":"link_clicked"}`, "{}", "\x1f\x8b\x08\x00", "\xff\xff\xff\xff"} {
		_, err := brotli.Decode([]byte(text), limit)
		assert.ErrorContains(t, err, "not brotli", "%q", text)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, all := range compressed(t, texts(t)[:7]) {
		for _, c := range all {
			for range 20 {
				changed := bytes.Clone(c)
				changed[random.IntN(len(changed))] ^= 1 << random.IntN(8)
				_, _ = brotli.Decode(changed, 1000)
				_, _ = brotli.Decode(changed[:random.IntN(len(changed))], 1000)
			}
		}
	}
}

// A few bytes describe large tables, again and again: 256 codes of one of 704 symbols.
func TestLargeTablesOfFewBytes(t *testing.T) {
	for blocks, isAccepted := range map[int]bool{1: true, 80: true, 200: false} {
		var w bitWriter
		w.write(0, 1) // a window of 16 bits
		for range blocks {
			w.largeTables()
		}
		w.write(3, 2) // the last meta-block, empty
		got, err := brotli.Decode(w.bytes, limit)
		assert.Equal(t, isAccepted, err == nil, blocks)
		if isAccepted {
			assert.Equal(t, strings.Repeat("xx", blocks), string(got))
		}
	}
}

// largeTables writes a meta-block that decompresses to "xx".
func (w *bitWriter) largeTables() {
	w.write(0, 1)      // not the last one
	w.write(0, 2)      // the length has 16 bits
	w.write(2-1, 16)   // 2 bytes
	w.write(0, 1)      // compressed
	w.write(0, 1)      // one type of literals
	w.write(0x7ff, 11) // 256 types of commands
	w.simpleCode(258, 2)
	w.simpleCode(26, 25)
	w.write(0, 24)    // the first block has 16625 commands
	w.write(0, 1)     // one type of distances
	w.write(0, 2+4+2) // no postfix, no direct distances, the mode of literals
	w.write(0, 2)     // one code for literals, one for distances
	w.simpleCode(256, 'x')
	for range 256 {
		w.simpleCode(704, 2<<3) // insert 2 literals
	}
	w.simpleCode(64, 0)
}

type bitWriter struct {
	bytes []byte
	n     int // bits
}

func (w *bitWriter) write(v, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.bytes = append(w.bytes, 0)
		}
		w.bytes[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}

// simpleCode writes a code of one symbol.
func (w *bitWriter) simpleCode(alphabet, symbol int) {
	w.write(1, 2)
	w.write(0, 2)
	w.write(symbol, bits.Len(uint(alphabet-1)))
}

func FuzzDecode(f *testing.F) {
	for _, text := range []string{"GxcAAJyrcKSXmqDZZb6lQXdQSg==", "iwSAaGVsbG8D", ""} {
		c, _ := base64.StdEncoding.DecodeString(text)
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c []byte) {
		got, err := brotli.Decode(c, 10_000)
		require.LessOrEqual(t, len(got), 10_000)
		require.True(t, err == nil || got == nil)
	})
}
