package urlrtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/jsondoc"
)

// A Generation is one of the documented shapes of URLR's bodies, named after the month it was
// introduced.
type Generation string

// The generations documented by URLR.
const (
	Generation2023_10 Generation = "2023-10"
	Generation2024_10 Generation = "2024-10"
	Generation2026_01 Generation = "2026-01"
	Generation2026_05 Generation = "2026-05"

	// Latest is what URLR sends now.
	Latest = Generation2026_05
)

// Generations returns all generations, oldest first.
func Generations() []Generation {
	return []Generation{Generation2023_10, Generation2024_10, Generation2026_01, Generation2026_05}
}

// NewEvent returns a click as URLR reports it, with the current time in whole seconds. It sets
// every field that any generation has; change those that matter to your test.
func NewEvent() *core.Event {
	isQRCode, isUnique, isBot := false, true, false
	return &core.Event{
		Type: core.EventLinkClicked,
		Link: core.Link{
			ID:          "9759d03f-eaec-4ca4-a5a2-105ced01fbd8",
			Code:        "yBPhx",
			Label:       "Été 2026",
			WorkspaceID: "2c196f79-0db8-421a-9230-623c8956bdbf",
			FolderID:    "469cf8aa-5d9b-4bcb-bafc-8a2576b6f504",
			Team:        5,
			Folder:      10,
		},
		IsQRCode: &isQRCode, IsUnique: &isUnique, IsBot: &isBot,
		Country: "FR", Region: "Bretagne", City: "Créhen",
		System: "GNU/Linux", Browser: "Firefox", Referer: "https://example.com/",
		Timestamp: time.Unix(time.Now().Unix(), 0).UTC(),
	}
}

// Body returns the bytes URLR's PHP sends for e in generation g: the fields of that generation, in
// its order, encoded as json_encode does. An empty Country, Region, City, System, Browser or
// Referer becomes null, and a nil flag becomes false.
//
// It panics if e is nil or g is unknown.
func Body(e *core.Event, g Generation) []byte {
	if e == nil {
		panic("urlrtest: nil event")
	}
	return bodyOf(e, g).append(nil)
}

func bodyOf(e *core.Event, g Generation) object {
	switch g {
	case Generation2023_10, Generation2024_10:
		return object{
			{"event", e.Type}, {"link", linkOf(&e.Link, g)},
			{"country", orNull(e.Country)}, {"region", orNull(e.Region)}, {"city", orNull(e.City)},
			{"system", orNull(e.System)}, {"browser", orNull(e.Browser)}, {"isBot", isTrue(e.IsBot)},
			{"referer", orNull(e.Referer)}, {"timestamp", e.Timestamp.Unix()},
		}
	case Generation2026_01, Generation2026_05:
		return object{
			{"event", e.Type}, {"link", linkOf(&e.Link, g)},
			{"is_qrcode", isTrue(e.IsQRCode)}, {"is_unique", isTrue(e.IsUnique)},
			{"country", orNull(e.Country)}, {"region", orNull(e.Region)}, {"city", orNull(e.City)},
			{"system", orNull(e.System)}, {"browser", orNull(e.Browser)},
			{"referer", orNull(e.Referer)}, {"timestamp", e.Timestamp.Unix()},
		}
	default:
		panic(fmt.Sprintf("urlrtest: unknown generation %q, want one of %q", g, Generations()))
	}
}

func linkOf(l *core.Link, g Generation) object {
	switch g {
	case Generation2023_10:
		return object{{"code", l.Code}, {"team", l.Team}, {"folder", l.Folder}}
	case Generation2024_10:
		return object{{"id", l.ID}, {"code", l.Code}, {"team", l.Team}, {"team_id", l.WorkspaceID},
			{"folder", l.Folder}, {"folder_id", l.FolderID}}
	case Generation2026_01:
		return object{{"id", l.ID}, {"code", l.Code}, {"label", l.Label},
			{"team_id", l.WorkspaceID}, {"folder_id", l.FolderID}}
	default:
		return object{{"id", l.ID}, {"code", l.Code}, {"label", l.Label},
			{"workspace_id", l.WorkspaceID}, {"folder_id", l.FolderID}}
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

// An object is a JSON object with ordered members.
type object []member

type member struct {
	name  string
	value any
}

func (o object) append(dst []byte) []byte {
	for i, m := range o {
		dst = append(dst, "{,"[min(i, 1)])
		dst = append(jsondoc.AppendPHPString(dst, []byte(m.name)), ':')
		dst = appendValue(dst, m.value)
	}
	return append(dst, '}')
}

func appendValue(dst []byte, value any) []byte {
	switch v := value.(type) {
	case object:
		return v.append(dst)
	case string:
		return jsondoc.AppendPHPString(dst, []byte(strings.ToValidUTF8(v, "\ufffd")))
	case core.EventType:
		return appendValue(dst, string(v))
	case nil:
		return append(dst, "null"...)
	default: // a number or bool
		return fmt.Append(dst, v)
	}
}
