package core_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
)

// engines holds the programs that define the canonical forms.
var engines = []struct {
	name    string
	command []string
	form    core.Form
}{
	{"node", []string{"node", "testdata/canonical.js"}, core.FormJS},
	{"php", []string{"php", "-d", "serialize_precision=-1", "testdata/canonical.php"}, core.FormPHP},
}

const documentsPerEngine = 20_000

// A document that all parsers read alike has a canonical form, and it equals the engine's output.
func TestDifferentialOfSafeDocuments(t *testing.T) {
	forEachEngine(t, func(t *testing.T, random *rand.Rand, command []string, form core.Form) {
		documents := make([][]byte, documentsPerEngine)
		for i := range documents {
			documents[i] = (&generator{Rand: random}).document()
		}
		for i, engine := range runEngine(t, command, documents) {
			got, err := core.Canonicalize(nil, documents[i], form)
			require.NoError(t, err, "%s", documents[i])
			require.Equal(t, engine, string(got), "%s", documents[i])
		}
	})
}

// A document that the engine rejects has no canonical form. Any other has none either, or the
// engine's output.
func TestDifferentialOfBrokenDocuments(t *testing.T) {
	forEachEngine(t, func(t *testing.T, random *rand.Rand, command []string, form core.Form) {
		documents := make([][]byte, documentsPerEngine)
		for i := range documents {
			documents[i] = (&generator{Rand: random, unsafe: true}).broken()
		}
		both := 0
		for i, engine := range runEngine(t, command, documents) {
			got, err := core.Canonicalize(nil, documents[i], form)
			if err == nil {
				require.Equal(t, engine, string(got), "%q", documents[i])
				both++
			}
		}
		assert.Greater(t, both, documentsPerEngine/20, "accepted by both")
		assert.Less(t, both, documentsPerEngine, "accepted by both")
	})
}

func forEachEngine(t *testing.T, test func(t *testing.T, random *rand.Rand, command []string, form core.Form)) {
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			if _, err := exec.LookPath(engine.command[0]); err != nil {
				if os.Getenv("CI") != "" {
					t.Fatalf("%s must be installed in CI", engine.name)
				}
				t.Skipf("%s is not installed", engine.name)
			}
			seed := uint64(time.Now().UnixNano())
			t.Logf("seed %d", seed)
			test(t, rand.New(rand.NewPCG(seed, 0)), engine.command, engine.form)
		})
	}
}

// runEngine returns an engine's output for each document, or "!" if it rejects the document.
func runEngine(t *testing.T, command []string, documents [][]byte) []string {
	t.Helper()
	var input bytes.Buffer
	for _, document := range documents {
		input.WriteString(base64.StdEncoding.EncodeToString(document) + "\n")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	engine := exec.CommandContext(ctx, command[0], command[1:]...)
	engine.Stdin = &input
	output, err := engine.Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
	require.Len(t, lines, len(documents))
	for i, line := range lines {
		if line != "!" {
			decoded, err := base64.StdEncoding.DecodeString(line)
			require.NoError(t, err)
			lines[i] = string(decoded)
		}
	}
	return lines
}

// A generator generates JSON documents.
type generator struct {
	*rand.Rand
	unsafe bool // also what has no canonical form
	out    []byte
	long   int // how many numbers there are that are not short integers
	tiny   int // how many of these may be below 1e-307
}

func (g *generator) document() []byte {
	g.space()
	g.value(0)
	g.space()
	return g.out
}

// broken returns a document, possibly with random damage.
func (g *generator) broken() []byte {
	document := g.document()
	for range g.IntN(3) {
		i, j := g.IntN(len(document)), g.IntN(len(document))
		switch g.IntN(4) {
		case 0:
			document[i] = byte(g.IntN(256))
		case 1:
			document[i] = document[j]
		case 2:
			document = append(document[:i:i], document[min(i+1+g.IntN(4), len(document)):]...)
		case 3:
			document = append(document[:i:i], append([]byte{document[j]}, document[i:]...)...)
		}
		if len(document) == 0 {
			return []byte("{")
		}
	}
	return document
}

func (g *generator) write(s string) { g.out = append(g.out, s...) }

func (g *generator) space() {
	if g.IntN(8) == 0 {
		g.write([]string{" ", "\n", "\t", "\r\n", "  "}[g.IntN(5)])
	}
}

func (g *generator) value(depth int) {
	kinds := 8
	if depth > 4 {
		kinds = 6
	}
	switch g.IntN(kinds) {
	case 0:
		g.write([]string{"true", "false", "null"}[g.IntN(3)])
	case 1, 2, 3:
		g.number()
	case 4, 5:
		g.string("")
	case 6:
		g.list('[', ']', func(int) { g.value(depth + 1) })
	case 7:
		g.list('{', '}', func(i int) {
			g.name(i)
			g.space()
			g.write(":")
			g.space()
			g.value(depth + 1)
		})
	}
}

func (g *generator) list(open, end byte, element func(i int)) {
	g.out = append(g.out, open)
	g.space()
	for i := range g.IntN(5) {
		if i > 0 {
			g.write(",")
			g.space()
		}
		element(i)
		g.space()
	}
	g.out = append(g.out, end)
}

// name writes a name that is unique in its object by its first character, unless unsafe.
func (g *generator) name(i int) {
	if !g.unsafe {
		g.string(string(rune('a' + i)))
		return
	}
	names := []string{
		`"0"`, `"1"`, `"-1"`, `"01"`, `"4294967294"`, `"4294967295"`, `""`, `"\u0000"`, `"\u0031"`, `"a"`, `"b"`,
	}
	g.write(names[g.IntN(len(names))])
}

func (g *generator) string(prefix string) {
	g.write(`"` + prefix)
	for range g.IntN(8) {
		switch g.IntN(7) {
		case 0:
			g.write([]string{`\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`, `/`, `'`, "\x7f"}[g.IntN(11)])
		case 1:
			g.write(fmt.Sprintf([]string{`\u%04x`, `\u%04X`}[g.IntN(2)], g.scalar(0xFFFF)))
		case 2:
			r := 0x10000 + g.IntN(0x100000)
			g.write(fmt.Sprintf(`\u%04x\u%04X`, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF))
		case 3:
			g.write(string(rune(max(' ', g.scalar(0x10FFFF)))))
		case 4:
			g.write([]string{"é", "€", "😀", "\u2028", "\u2029", "\u0080", "\ufeff", "\uffff"}[g.IntN(8)])
		default:
			g.write(string(rune('a' + g.IntN(26))))
		}
	}
	g.write(`"`)
	if g.unsafe && g.IntN(20) == 0 {
		g.out = append(g.out[:len(g.out)-1], `\ud83d"`...)
	}
}

// scalar returns a Unicode scalar value that is not a surrogate, up to a limit.
func (g *generator) scalar(limit int) int {
	for {
		if r := g.IntN(limit + 1); (r < 0xD800 || r > 0xDFFF) && r != '"' && r != '\\' {
			return r
		}
	}
}

func (g *generator) number() {
	kind := g.IntN(8)
	if kind > 0 {
		g.long++
	}
	if kind == 3 || kind == 6 {
		g.tiny++
	}
	if g.long > 8 || (kind == 3 || kind == 6) && g.tiny > 2 {
		kind = 0 // more would have no canonical form
	}
	switch kind {
	case 0:
		g.write(strconv.Itoa(g.IntN(2000) - 1000))
	case 1:
		g.write(strconv.FormatInt(int64(g.Uint64()), 10))
	case 2:
		g.write(strconv.FormatUint(g.Uint64(), 10) + strings.Repeat("0", g.IntN(8)))
	case 3: // any double
		f := math.Float64frombits(g.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0.1
		}
		g.write(strconv.FormatFloat(f, "eEfg"[g.IntN(4)], -1, 64))
	case 4: // around the points where engines switch to exponents
		g.write(fmt.Sprintf("%d.%de%d", g.IntN(10), g.IntN(1000), g.IntN(50)-25))
	case 5:
		g.write(fmt.Sprintf("-%de%+d", g.IntN(100), g.IntN(30)-15))
	case 6:
		edges := []string{
			"0", "-0", "0.0", "-0.0", "0e1", "-0E-7", "1e-400", "-1e-400", "5e-324", "4.9e-324",
			"1.7976931348623157e308", "9007199254740991", "9007199254740993", "9223372036854775807",
			"9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1e15", "1e16", "1e17",
			"1e20", "1e21", "0.0001", "0.00001", "0.000001", "0.0000001", "123456789012345678",
		}
		g.write(edges[g.IntN(len(edges))])
	case 7:
		if g.unsafe {
			g.write([]string{"1e309", "-1e999", "01", "1.", "+1", "1e", "NaN"}[g.IntN(7)])
		} else {
			g.write(fmt.Sprintf("%d.%d", g.IntN(1000), g.IntN(1000)))
		}
	}
}
