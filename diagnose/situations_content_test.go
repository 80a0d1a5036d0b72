package diagnose_test

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/urlr-community/webhooks-go/diagnose"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func ofPrints() []situation {
	body := delivery()
	nulls := click()
	nulls.City, nulls.Referer = "", ""
	nullBody := urlrtest.Body(nulls, urlrtest.Latest)
	python := `{'event': 'link_clicked', ` +
		`'link': {'code': "l'été", 'label': 'a "b"\n'}, 'is_unique': True, 'is_qrcode': False, 'city': None}`
	ruby := `{"event"=>"link_clicked", ` +
		`:link=>{:code=>"l'été", "label"=>"a \"b\"\n"}, "is_unique"=>true, "is_qrcode"=>false, "city"=>nil}`
	js := "{\n  event: 'link_clicked',\n" +
		"  link: { code: \"l'été\", label: `a \"b\"\\n` },\n  is_unique: true,\n  is_qrcode: false,\n  city: undefined,\n}"
	printed := []byte(
		`{"event":"link_clicked",` +
			`"link":{"code":"l'\u00e9t\u00e9","label":"a \"b\"\n"},"is_unique":true,"is_qrcode":false,"city":null}`,
	)
	numbers := strings.Trim(strings.ReplaceAll(fmt.Sprintf("%d", body), " ", ","), "[]")
	return []situation{
		arrived("bytes", diagnose.PythonBytes, body, []byte("b'"+strings.ReplaceAll(string(body), `\`, `\\`)+"'")),
		arrived("bytes beyond ASCII", diagnose.PythonBytes, []byte(`{"a":"é'"}`), []byte(`b'{"a":"\xc3\xa9\'"}'`)),
		arrived("dict", diagnose.PrintedObject, printed, []byte(python)),
		arrived("hash", diagnose.PrintedObject, printed, []byte(ruby)),
		arrived("console.log", diagnose.PrintedObject, printed, []byte(js)),
		arrived("Buffer", diagnose.ByteList, body, []byte(`{"type":"Buffer","data":[`+numbers+`]}`)),
		arrived("[]byte", diagnose.ByteList, body, fmt.Append(nil, body)),
		arrived("inspected Buffer", diagnose.ByteList, []byte(`{"a":1}`), []byte("<Buffer 7b 22 61 22 3a 31 7d>")),
		arrived("single quotes around", diagnose.BodyQuotes, body, concat([]byte("'"), string(body), "'")),
		arrived("CSV", diagnose.BodyQuotes, body, []byte(`"`+strings.ReplaceAll(string(body), `"`, `""`)+`"`)),
		arrived(
			"log",
			diagnose.LogEscaped,
			body,
			[]byte(strings.ReplaceAll(strings.ReplaceAll(string(body), `\`, `\\`), `"`, `\"`)),
		),
		arrived("log, twice", diagnose.LogEscaped, []byte(`{"a":1}`), []byte(`{\\\"a\\\":1}`)),
		arrived("entities", diagnose.HTMLEntities, nullBody, []byte(html.EscapeString(string(nullBody)))),
		arrived(
			"entities in a string",
			diagnose.HTMLEntities,
			body,
			bytes.ReplaceAll(body, []byte("&b"), []byte("&amp;b")),
		),
		arrived(
			"entities of entities",
			diagnose.HTMLEntities,
			body,
			bytes.ReplaceAll(body, []byte("&b"), []byte("&amp;amp;b")),
		),
	}
}

func ofContents() []situation {
	e := click()
	e.City, e.Referer, *e.IsUnique, *e.IsBot = "", "", false, false
	latest, oldest := urlrtest.Body(e, urlrtest.Latest), urlrtest.Body(e, urlrtest.Generation2023_10)
	without := func(body []byte, parts ...string) []byte {
		for _, part := range parts {
			body = bytes.Replace(body, []byte(part), nil, 1)
		}
		return body
	}
	replaced := func(body []byte, old, with string) []byte { return bytes.Replace(body, []byte(old), []byte(with), 1) }
	const nullCity, nullReferer = `"city":null,`, `"referer":null,`
	const notUnique, noQRCode = `"is_unique":false,`, `"is_qrcode":false,`
	camel := strings.NewReplacer(
		"is_qrcode",
		"isQrcode",
		"is_unique",
		"isUnique",
		"workspace_id",
		"workspaceId",
		"folder_id",
		"folderId",
	)
	return []situation{
		arrived("nulls dropped", diagnose.DroppedMembers, latest, without(latest, nullCity, nullReferer)),
		arrived("nulls dropped, old", diagnose.DroppedMembers, oldest, without(oldest, nullCity, nullReferer)),
		arrived(
			"nulls dropped before it was signed",
			diagnose.DroppedMembers,
			without(latest, nullCity, nullReferer),
			latest,
		),
		arrived(
			"nulls and false dropped, sorted",
			diagnose.DroppedMembers,
			latest,
			sorted(without(latest, nullCity, nullReferer, notUnique, noQRCode)),
		),
		arrived(
			"nulls and false dropped, old",
			diagnose.DroppedMembers,
			oldest,
			without(oldest, nullCity, nullReferer, `"isBot":false,`),
		),
		arrived(
			"label dropped",
			diagnose.DroppedMembers,
			replaced(latest, `"\u00c9t\u00e9 2026"`, "null"),
			without(latest, `"label":"\u00c9t\u00e9 2026",`),
		),
		arrived(
			"Rails",
			diagnose.AddedMembers,
			latest,
			replaced(latest, `}`, `},"controller":"webhooks","action":"create"`),
		),
		arrived("one more at the end", diagnose.AddedMembers, []byte(`{"a":1}`), []byte(`{"a":1,"b":2}`)),
		arrived("one more at the beginning", diagnose.AddedMembers, []byte(`{"a":1}`), []byte(`{"b":2,"a":1}`)),
		arrived("more, sorted", diagnose.AddedMembers, latest, sorted(replaced(latest, `{`, `{"_id":1,`))),
		arrived("camelCase", diagnose.RenamedMembers, latest, []byte(camel.Replace(string(latest)))),
		arrived(
			"PascalCase, sorted",
			diagnose.RenamedMembers,
			latest,
			sorted([]byte(strings.NewReplacer(`"event"`, `"Event"`, `"city"`, `"City"`).Replace(string(latest)))),
		),
		arrived("empty strings", diagnose.ChangedTypes, latest, replaced(latest, `"city":null`, `"city":""`)),
		arrived("null in words", diagnose.ChangedTypes, latest, replaced(latest, `"city":null`, `"city":"null"`)),
		arrived("numbers in strings", diagnose.ChangedTypes, oldest, replaced(oldest, `"team":5`, `"team":"5"`)),
		arrived(
			"flags as numbers",
			diagnose.ChangedTypes,
			latest,
			replaced(latest, `"is_unique":false`, `"is_unique":0`),
		),
		arrived(
			"flags in words, sorted",
			diagnose.ChangedTypes,
			latest,
			sorted(replaced(latest, `"is_unique":false`, `"is_unique":"False"`)),
		),
		arrived("milliseconds", diagnose.ChangedTypes, latest, replaced(latest, `1697398126`, `1697398126000`)),
		arrived("a date", diagnose.ChangedTypes, latest, replaced(latest, `1697398126`, `"2023-10-15T19:28:46Z"`)),
	}
}
