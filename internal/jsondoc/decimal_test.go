package jsondoc

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDouble compares with strconv.ParseFloat, which is always exact.
func FuzzDouble(f *testing.F) {
	for _, seed := range []string{
		"0", "-0", "-0.0e5", "0.1", "5e-324", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
		"-1e-400", "1.7976931348623157e308", "1.7976931348623158079e308", "1.7976931348623159e308", "-1e309",
		"1e99999999999999999999", "1e-99999999999999999999", "2.2250738585072011e-308",
		"123456789012345678901234567890", "0.1000000000000000055511151231257827",
		"9007199254740993", "9007199254740993.00000000000000000000001",
		"0." + strings.Repeat("0", 330) + "1e331", "1" + strings.Repeat("0", 400) + "e-400",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, literal string) {
		var s Scanner
		s.Reset([]byte(literal))
		if s.Next() != Number || len(s.Literal()) != len(literal) ||
			parseDecimal([]byte(literal)).digits > maxDoubleDigits {
			return
		}
		requireDouble(t, literal)
	})
}

func requireDouble(t *testing.T, literal string) {
	t.Helper()
	want, _ := strconv.ParseFloat(literal, 64)
	got := parseDecimal([]byte(literal)).double([]byte(literal))
	require.Equal(t, math.Float64bits(want), math.Float64bits(got), literal)
}

// Near halfway between two doubles, every digit counts.
func TestDoublesNearHalfway(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1_500 {
		below := math.Float64frombits(random.Uint64N(0x7fe0000000000000) >> random.IntN(12))
		above := math.Nextafter(below, math.Inf(1))
		half := new(big.Float).SetPrec(2000).SetFloat64(below)
		half.Add(half, new(big.Float).SetFloat64(above)).Quo(half, big.NewFloat(2))
		requireDouble(t, half.Text('e', random.IntN(60)))
		requireDouble(t, half.Text('e', maxDoubleDigits-1))
		requireDouble(t, "-0.0"+half.Text('e', 30)[2:])
	}
}
