package diagnose

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// retyped gives the members of an event the types that URLR uses.
func retyped(body []byte, try try) {
	document := parse(body)
	if document == nil {
		return
	}
	const how = "the values in the body have the types that URLR gives them: "
	before := document.append(nil)
	tryIfOther := func(how string) {
		if text := document.append(nil); !bytes.Equal(text, before) {
			try(how, text)
		}
	}
	retypeNumbers(document)
	tryIfOther(how + "integers, true and false")
	retypeNulls(document)
	tryIfOther(how + "integers, true, false and null")
	if !bytes.Equal(document.append(nil), before) {
		sortAsURLR(document)
		tryIfOther(how + "integers, true, false and null")
	}
}

func retypeNumbers(event *value) {
	for _, name := range flags {
		if flag := event.member(name); flag != nil {
			retypeFlag(flag)
		}
	}
	if timestamp := event.member("timestamp"); timestamp != nil {
		retypeTimestamp(timestamp)
	}
	var numbers []*value
	if link := event.member("link"); link != nil {
		numbers = append(numbers, link.member("team"), link.member("folder"))
	}
	for _, number := range numbers {
		if number != nil {
			retypeNumber(number)
		}
	}
}

// retypeFlag converts 1, "1", "true" and "True" to true, and their opposites to false.
func retypeFlag(flag *value) {
	text := strings.ToLower(strings.Trim(string(flag.text), `"`))
	switch text {
	case "1", "true":
		flag.set(jsondoc.True, "true")
	case "0", "false", "":
		flag.set(jsondoc.False, "false")
	}
}

// retypeTimestamp converts a date or milliseconds to Unix time.
func retypeTimestamp(timestamp *value) {
	retypeNumber(timestamp)
	if t, err := time.Parse(time.RFC3339, timestamp.string()); err == nil {
		timestamp.set(jsondoc.Number, strconv.FormatInt(t.Unix(), 10))
	}
	const digits = len("1697398126")
	if seconds, found := strings.CutSuffix(string(timestamp.text), "000"); found && len(seconds) == digits {
		timestamp.set(jsondoc.Number, seconds)
	}
}

// retypeNumber converts 5.0, 5e0 and "5" to 5.
func retypeNumber(number *value) {
	text := strings.Trim(string(number.text), `"`)
	f, err := strconv.ParseFloat(text, 64)
	const maxExact = 1 << 53
	if err == nil && f == math.Trunc(f) && math.Abs(f) < maxExact {
		number.set(jsondoc.Number, strconv.FormatInt(int64(f), 10))
	}
}

// retypeNulls converts strings that stand for null in programming languages to null.
func retypeNulls(event *value) {
	for _, name := range nullable {
		if v := event.member(name); v != nil && v.kind == jsondoc.String && isNullInWords(v.string()) {
			v.set(jsondoc.Null, "null")
		}
	}
}

func isNullInWords(s string) bool {
	return slices.Contains([]string{"", "null", "none", "nil", "<nil>", "undefined"}, strings.ToLower(s))
}
