package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// arrivalLine describes a delivery that is not answered yet, without colors.
func arrivalLine(d *store.Delivery) string {
	return fmt.Sprintf("%s  #%-5d %-16s  forwarded  %s",
		d.Received.Local().Format(time.TimeOnly), d.ID, verdictText(d.Verdict, d.Form), click(d.Code, d.Country))
}

// answerLine describes the answer, where an arrivalLine can't be replaced.
func answerLine(d *store.Delivery, database string) string {
	return strings.TrimSpace(fmt.Sprintf("%s  #%-5d %s  %s",
		d.Answer.At.Local().Format(time.TimeOnly), d.ID, answer(d.Answer), trouble(d, database)))
}

// line describes a delivery and its answer. The database is the value of --db, or "".
func line(d *store.Delivery, database string) string {
	s := fmt.Sprintf(
		"%s  #%-5d %s  %s",
		d.Received.Local().Format(time.TimeOnly),
		d.ID,
		colored(d.Verdict, d.Form),
		answer(d.Answer),
	)
	for _, part := range []string{click(d.Code, d.Country), trouble(d, database)} {
		if part != "" {
			s += "  " + part
		}
	}
	return s
}

// click names the link and the country.
func click(code, country string) string {
	return strings.TrimSpace(visible.Line(code, 40) + " " + visible.Line(country, 8))
}

// trouble says what is wrong with a delivery, and which command explains it.
func trouble(d *store.Delivery, database string) string {
	s := problem(d)
	if store.IsForged(d.Verdict, d.Form) && d.IsWhole() {
		s += " (" + explainer(d.ID, database) + " explains it)"
	}
	return s
}

const acceptedProblem = "your application accepted a refused delivery: "

// problem says what is wrong with a delivery. The worst is an application that accepts a forged
// one.
func problem(d *store.Delivery) string {
	s := visible.Problem(d.Problem, d.Answer.Error)
	if store.IsWronglyAccepted(d.Verdict, d.Form, d.Answer.Status) {
		s = color.New(color.Bold, color.FgRed).Sprint(acceptedProblem) + s
	}
	return s
}

// explainer says where a delivery is explained.
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

func verdictText(v store.Verdict, form string) string {
	if v == store.Authentic {
		return fmt.Sprintf("%s (%s)", v, form)
	}
	return string(v)
}

func colored(v store.Verdict, form string) string {
	return verdictColor(v).Sprintf("%-16s", verdictText(v, form))
}

func verdictColor(v store.Verdict) *color.Color {
	switch v {
	case store.Authentic:
		return color.New(color.FgGreen)
	case store.Refused:
		return color.New(color.FgRed)
	default:
		return color.New(color.FgYellow)
	}
}

// answer describes the status of an answer and how long it took.
func answer(a store.Answer) string {
	if a.At.IsZero() {
		return color.YellowString("no answer yet")
	}
	took := a.Duration.Round(10 * time.Microsecond)
	said := fmt.Sprintf("%d in %v", a.Status, took)
	if a.Status == 0 {
		said = fmt.Sprintf("no answer in %v", took)
	}
	return answerColor(true, a.Status).Sprint(said)
}

func answerColor(answered bool, status int) *color.Color {
	switch {
	case !answered:
		return color.New(color.FgYellow)
	case status/100 == 2:
		return color.New(color.FgGreen)
	default:
		return color.New(color.FgRed)
	}
}
