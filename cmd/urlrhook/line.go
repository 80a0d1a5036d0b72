package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// line is what a terminal shows of a delivery. The database is the value of --db, if it was given.
func line(d *store.Delivery, database string) string {
	s := fmt.Sprintf("%s  #%-5d %s  %s  %s", d.Received.Local().Format(time.TimeOnly), d.ID, colored(d.Verdict, d.Form), answer(d.Answer), subject(d))
	if d.Verdict == store.Refused && d.IsWhole() {
		s += " (" + explainer(d.ID, database) + " explains it)"
	}
	return s
}

// explainer says where to look.
func explainer(id int64, database string) string {
	switch database {
	case "":
		return fmt.Sprintf("urlrhook show %d", id)
	case ":memory:":
		return "the page"
	default:
		return fmt.Sprintf("urlrhook show --db %s %d", database, id)
	}
}

func colored(v store.Verdict, form string) string {
	switch v {
	case store.Authentic:
		return color.GreenString("%-16s", fmt.Sprintf("%s (%s)", v, form))
	case store.Refused:
		return color.RedString("%-16s", v)
	default:
		return color.YellowString("%-16s", v)
	}
}

// answer is what became of a delivery: whose answer, and how long it took.
func answer(a store.Answer) string {
	if a.At.IsZero() {
		return color.YellowString("no answer yet")
	}
	took := a.Duration.Round(10 * time.Microsecond)
	switch {
	case a.Status == 0:
		return color.RedString("no answer in %v", took)
	case a.OK():
		return color.GreenString("%d in %v", a.Status, took)
	default:
		return color.RedString("%d in %v", a.Status, took)
	}
}

// subject is the click, or what is wrong.
func subject(d *store.Delivery) string {
	s := visible.Line(d.Code, 40)
	if d.Country != "" {
		s += " " + visible.Line(d.Country, 8)
	}
	if problem := visible.Problem(d.Problem, d.Answer.Error); problem != "" {
		s += "  " + problem
	}
	return strings.TrimSpace(s)
}
