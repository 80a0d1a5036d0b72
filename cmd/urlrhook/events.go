package main

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const eventCategory = "Clicks"

func eventFlags() []cli.Flag {
	field := func(name, usage string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: usage, Category: eventCategory}
	}
	return []cli.Flag{
		field("code", "Set the link's code."), field("label", "Set the link's label."),
		field("folder-id", "Set the ID of the link's folder."),
		field("country", "Set the visitor's country, like FR."), field("region", "Set the visitor's region."),
		field("city", "Set the visitor's city."), field("system", "Set the visitor's operating system."),
		field("browser", "Set the visitor's browser."), field("referer", "Set the page the visitor came from."),
		&cli.BoolFlag{Name: "qrcode", Usage: "Mark the click as a scanned QR code.", Category: eventCategory},
		&cli.StringFlag{
			Name: "generation", Value: string(urlrtest.Latest), Category: eventCategory,
			Usage: "Write bodies as URLR does since `MONTH`: " + strings.Join(valuesOf("generation"), ", ") + ".",
		},
		&cli.StringFlag{
			Name:     "body",
			Usage:    "Send the bytes of `FILE` instead; - is standard input.",
			Category: eventCategory,
		},
	}
}

// newEvents yields --count clicks. Fields without a flag vary from click to click, depending on the
// seed.
func newEvents(cmd *cli.Command, seed uint64) (iter.Seq[*core.Event], error) {
	generation := urlrtest.Generation(cmd.String("generation"))
	if !slices.Contains(urlrtest.Generations(), generation) {
		return nil, fmt.Errorf("unknown generation %q: use one of %v", generation, urlrtest.Generations())
	}
	fields := append(slices.Sorted(maps.Keys(stringFields(&core.Event{}))), "qrcode", "generation")
	if field := firstSet(cmd, fields); cmd.IsSet("body") && field != "" {
		return nil, fmt.Errorf("--body is sent as is: use either --%s or --body", field)
	}
	count, random := cmd.Int("count"), rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // it only varies clicks
	return func(yield func(*core.Event) bool) {
		for i := range count {
			e := urlrtest.NewEvent()
			if i > 0 {
				vary(e, random)
			}
			setFields(cmd, e)
			if !yield(e) {
				return
			}
		}
	}, nil
}

// places are where clicks come from.
var places = []struct{ country, region, city string }{
	{"FR", "Bretagne", "Créhen"},
	{"FR", "Île-de-France", "Créteil"},
	{"DE", "Bayern", "München"},
	{"BE", "Wallonie", "Liège"},
	{"CH", "Zürich", "Zürich"},
	{"ES", "Galicia", "A Coruña"},
	{"US", "California", "San José"},
	{"JP", "", "東京"},
	{"", "", ""},
}

var (
	systems  = []string{"GNU/Linux", "Windows", "Mac", "iOS", "Android", ""}
	browsers = []string{"Firefox", "Chrome", "Safari", "Microsoft Edge", ""}
	referers = []string{"https://example.com/", "https://example.org/a?b=c&d=é", ""}
)

func vary(e *core.Event, random *rand.Rand) {
	place := places[random.IntN(len(places))]
	e.Country, e.Region, e.City = place.country, place.region, place.city
	e.System = systems[random.IntN(len(systems))]
	e.Browser = browsers[random.IntN(len(browsers))]
	e.Referer = referers[random.IntN(len(referers))]
	isUnique := random.IntN(3) > 0
	e.IsUnique = &isUnique
	e.Timestamp = e.Timestamp.Add(-time.Duration(random.IntN(60)) * time.Second)
}

// firstSet returns the first of the flags that is set, or "".
func firstSet(cmd *cli.Command, names []string) string {
	for _, name := range names {
		if cmd.IsSet(name) {
			return name
		}
	}
	return ""
}

// stringFields maps flags to the fields of an event that they set.
func stringFields(e *core.Event) map[string]*string {
	return map[string]*string{
		"code": &e.Link.Code, "label": &e.Link.Label, "folder-id": &e.Link.FolderID,
		"country": &e.Country, "region": &e.Region, "city": &e.City,
		"system": &e.System, "browser": &e.Browser, "referer": &e.Referer,
	}
}

func setFields(cmd *cli.Command, e *core.Event) {
	for name, field := range stringFields(e) {
		if cmd.IsSet(name) {
			*field = cmd.String(name)
		}
	}
	isQRCode := cmd.Bool("qrcode")
	e.IsQRCode = &isQRCode
}
