package jsondoc

import (
	"errors"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/internal/adversary"
)

// The cost of the forms is bounded. This test counts work and memory instead of measuring time.
func TestCost(t *testing.T) {
	for _, kind := range adversary.All() {
		for _, size := range []int{406, 4 << 10, 64 << 10} {
			text := kind.Body(size)
			if text == nil {
				continue
			}
			var f Forms
			f.Write(text)
			assert.LessOrEqual(t, len(f.php.bytes)+len(f.js.bytes), 3*size+12*maxRewritten, "%s: written", kind.Name)
			assert.LessOrEqual(t, f.memory(), 8*size+8<<10, "%s: memory", kind.Name)
			if f.php.err != nil && !errors.Is(f.php.err, ErrNULName) && !errors.Is(f.php.err, ErrOverflow) &&
				!errors.Is(f.php.err, ErrCostly) {
				assert.Zero(t, f.converted(), "%s: numbers converted in vain", kind.Name)
			}
			assert.LessOrEqual(t, f.converted(), maxDoubles, kind.Name)

			s := scanned(text)
			assert.LessOrEqual(t, s.memory(), 8*size+8<<10, "%s: memory of a Scanner", kind.Name)
		}
	}
}

func (f *Forms) converted() (n int) {
	for _, number := range f.numbers {
		if number.php.len > 0 {
			n++
		}
	}
	return n
}

func (f *Forms) memory() int {
	return cap(f.php.bytes) + cap(f.js.bytes) + cap(f.numbers)*int(unsafe.Sizeof(pending{})) + f.scanner.memory()
}

func (s *Scanner) memory() int {
	return cap(s.outside) + cap(s.objects)*int(unsafe.Sizeof(0)) + cap(s.names)*int(unsafe.Sizeof(name{})) +
		cap(s.table.slots)*int(unsafe.Sizeof(slot{})) + cap(s.values) + cap(s.scratch)
}

// Release keeps no large buffer.
func TestRelease(t *testing.T) {
	for _, kind := range adversary.All() {
		var f Forms
		f.Write(kind.Body(64 << 10))
		s := scanned(kind.Body(64 << 10))
		f.Release()
		s.Release()
		assert.LessOrEqual(t, f.memory(), 1<<20, kind.Name)
		assert.LessOrEqual(t, s.memory(), 1<<20, kind.Name)
	}
}

func scanned(text []byte) *Scanner {
	s := new(Scanner)
	s.Reset(text)
	for {
		if kind := s.Next(); kind == End || kind == Invalid {
			return s
		}
	}
}
