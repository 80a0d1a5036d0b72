package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// arrivalLine is what a terminal shows of a delivery before its answer. It has no colors.
func arrivalLine(d *store.Delivery) string {
	return fmt.Sprintf("%s  #%-5d %-16s  forwarded  %s",
		d.Received.Local().Format(time.TimeOnly), d.ID, verdictText(d.Verdict, d.Form), click(d.Code, d.Country))
}

// answerLine is what follows where an arrivalLine can't be replaced.
func answerLine(d *store.Delivery, database string) string {
	return strings.TrimSpace(fmt.Sprintf("%s  #%-5d %s  %s",
		d.Answer.At.Local().Format(time.TimeOnly), d.ID, answer(d.Answer), trouble(d, database)))
}

// line is what a terminal shows of a delivery and its answer. The database is the value of --db, if
// it was given.
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

// click is whose click a delivery tells of.
func click(code, country string) string {
	return strings.TrimSpace(visible.Line(code, 40) + " " + visible.Line(country, 8))
}

// trouble is what is wrong with a delivery, and where more is said about it.
func trouble(d *store.Delivery, database string) string {
	s := problem(d)
	if store.IsForged(d.Verdict, d.Form) && d.IsWhole() {
		s += " (" + explainer(d.ID, database) + " explains it)"
	}
	return s
}

const acceptedProblem = "your application accepted a refused delivery: "

// problem is what is wrong with a delivery. An application that accepts what is not authentic is worse
// than any sender.
func problem(d *store.Delivery) string {
	s := visible.Problem(d.Problem, d.Answer.Error)
	if store.IsWronglyAccepted(d.Verdict, d.Form, d.Answer.Status) {
		s = color.New(color.Bold, color.FgRed).Sprint(acceptedProblem) + s
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

// answer is what became of a delivery: whose answer, and how long it took.
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
