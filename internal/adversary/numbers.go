package adversary

import (
	"fmt"
	"strconv"
	"strings"
)

// numbers returns numbers that are expensive in floating point: many, few enough to pass a limit on
// their count, or one with many digits.
func numbers() []Kind {
	var all []Kind
	for _, n := range []string{
		"5e-324", "1e-330", "1e-308", "2.2250738585072011e-308", "2.2250738585072014E-308", "1e-400", "5e-7", "1e-7",
		"0.1", "0.30000000000000004", "1.5", "3.141592653589793",
		"1.00000000000000011102230246251565404236316680908203125", // half a unit in the last place
		"1e16", "1e17", "1e20", "1e21", "1e22", "1e23", "8.41e21", "7.2057594037927933e16", "1E+2", "1e0000001",
		"1e308", "1.7976931348623157e308", "179769313486231580793e289",
		"0e0", "0e999999999", "-0", "-0.0", "-1", "9007199254740993", "9007199254740993.0",
		"123456789012345", "1234567890123456", "9223372036854775807", "-9223372036854775808", "18446744073709551616",
		"1234567890123456789012345",
	} {
		all = append(all, Kind{"numbers: " + n, array(n)})
	}
	for _, n := range []string{
		"5e-324", "1e-330", "2.2250738585072011e-308", "1.7976931348623157e308", "9007199254740993.0",
		"1.00000000000000011102230246251565404236316680908203125",
	} {
		for _, count := range []int{1, 2, 8, 16} {
			all = append(all, Kind{fmt.Sprintf("numbers: %s, %d times", n, count), few(count, n)})
		}
	}
	halfway := "1.0000000000000001110223024625156540423631668090820312" + strings.Repeat("4", 750)
	subnormal := "4." + strings.Repeat("9406564584124654", 50) + "e-324"
	return append(all,
		Kind{"numbers: 17 random digits", within("[", ",", "]", randomDouble())},
		Kind{"numbers: 17 random digits, subnormal", within("[", ",", "]", randomSubnormal())},
		Kind{"numbers: 300 digits", array(strings.Repeat("7", 300))},
		Kind{"numbers: 800 digits, halfway", array(halfway)},
		Kind{"numbers: 800 digits, subnormal", array(subnormal)},
		Kind{"numbers: an overflow at the end", late(",1e400]" + eventEnd)},
		Kind{"number: many digits", within("[1", "", "]", cycle("7"))},
		Kind{"number: 0.777…", within("[0.", "", "]", cycle("7"))},
		Kind{"number: 0.000…1", within("[0.", "", "1]", cycle("0"))},
		Kind{"number: 1000…e-65000", within("[1", "", "e-65000]", cycle("0"))},
		Kind{"number: 1e000…1", within("[1e", "", "1]", cycle("0"))},
		Kind{"number: 1e-999…", within("[1e-", "", "]", cycle("9"))},
	)
}

func randomDouble() func(i int) string {
	r := random()
	return func(int) string { return strconv.FormatFloat(r.Float64()*1e10, 'e', 16, 64) }
}

func randomSubnormal() func(i int) string {
	r := random()
	return func(int) string { return strconv.FormatFloat(r.Float64(), 'f', 17, 64) + "e-308" }
}
