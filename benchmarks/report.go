package main

import (
	"fmt"
	"io"
	"strings"
)

// A goal is a ratio of two cases that is not to be exceeded.
type goal struct {
	what, numerator, denominator string
	most                         float64
	allocs                       int64 // at most; -1: any
}

func goals() []goal {
	g := []goal{
		{"`Authenticate`, raw form, beside the limit", "Authenticate", "limit", 1.25, 0},
		{"`Authenticate` beside go-github's check", "Authenticate", "go-github, verify", 0.5, -1},
		{"`Authenticate` beside stripe-go's check", "Authenticate", "stripe-go, verify", 0.4, -1},
		{"`Verify` (verdict and typed event) beside the limit", "Verify", "limit", 5, 4},
		{"`Verify` beside go-github's verify and parse", "Verify", "go-github, verify and decode", 0.33, -1},
		{"re-encoded body beside the limit", "Verify, re-encoded body", "limit", 8, -1},
		{"forged signature, 406 bytes, beside the limit", "Verify, forged signature", "limit", 8, -1},
	}
	for _, l := range largeBodies {
		g = append(g, goal{"forged 64 KiB (" + l.name + ") beside the limit", "Verify, forged 64 KiB, " + l.name, "limit, 64 KiB, " + l.name, 10, -1})
	}
	return append(g, goal{"`nethttpurlr` beside the same by hand", "net/http, nethttpurlr", "net/http, by hand", 0.5, -1})
}

func printGoals(w io.Writer, results []result) {
	byName := map[string]result{}
	for _, r := range results {
		byName[r.name] = r
	}
	fmt.Fprintln(w, "| what | goal | measured | |")
	fmt.Fprintln(w, "| --- | --- | --- | --- |")
	for _, g := range goals() {
		numerator := byName[g.numerator]
		ratio := numerator.nanoseconds / byName[g.denominator].nanoseconds
		want, got := fmt.Sprintf("≤ %g ×", g.most), fmt.Sprintf("%.2f ×", ratio)
		met := ratio <= g.most
		if g.allocs >= 0 {
			want += fmt.Sprintf(", ≤ %d allocations", g.allocs)
			got += fmt.Sprintf(", %d allocations", numerator.allocs)
			met = met && numerator.allocs <= g.allocs
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", g.what, want, got, verdict(met))
	}
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "missed"
}

// printAll prints every result beside the limit, or the one on the same 64 KiB.
func printAll(w io.Writer, results []result) {
	fmt.Fprint(w, "\n| function | ns/op | B/op | allocs/op | × the limit |\n| --- | ---: | ---: | ---: | ---: |\n")
	limits := map[string]float64{}
	for _, r := range results {
		if suffix, ok := strings.CutPrefix(r.name, "limit"); ok {
			limits[suffix] = r.nanoseconds
		}
	}
	for _, r := range results {
		limit := limits[""]
		if i := strings.Index(r.name, ", 64 KiB"); i >= 0 {
			limit = limits[r.name[i:]]
		} else if suffix, ok := strings.CutPrefix(r.name, "Verify, forged 64 KiB"); ok {
			limit = limits[", 64 KiB"+suffix]
		}
		fmt.Fprintf(w, "| %s | %.0f | %d | %d | %.2f |\n", r.name, r.nanoseconds, r.bytes, r.allocs, r.nanoseconds/limit)
	}
}
