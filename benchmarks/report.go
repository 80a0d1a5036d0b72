package main

import (
	"fmt"
	"io"
)

// A goal is an upper limit on the ratio of two results.
type goal struct {
	what, numerator, denominator string
	most                         float64
	allocs                       int64 // at most; -1: no limit
}

func goals() []goal {
	g := []goal{
		{"`Authenticate`, raw form, vs. the limit", "Authenticate", "limit", 1.25, 0},
		{"`Authenticate` vs. go-github's check", "Authenticate", "go-github, verify", 0.5, -1},
		{"`Authenticate` vs. stripe-go's check", "Authenticate", "stripe-go, verify", 0.4, -1},
		{"`Verify` (verdict and typed event) vs. the limit", "Verify", "limit", 5, 4},
		{"`Verify` vs. go-github's verify and parse", "Verify", "go-github, verify and decode", 0.33, -1},
		{"re-encoded body vs. the limit", "Verify, re-encoded body", "limit", 7, -1},
		{"forged signature, 406 bytes, vs. the limit", "Verify, forged signature", "limit", 5, -1},
		{"`nethttpurlr` vs. the same by hand", "net/http, nethttpurlr", "net/http, by hand", 0.5, -1},
	}
	for _, group := range forgedGroups() {
		if group.most > 0 {
			g = append(g, goal{group.String() + ", vs. the HMAC", group.String(), group.limit(), group.most, -1})
		}
	}
	for _, f := range servedFrameworks {
		reading, verify := servedName(f.name, "reading"), servedName(f.name, f.adapter)
		g = append(g,
			goal{"CPU time of a " + f.name + " server, `Verify`, vs. reading the body", verify, reading, 1.15, -1},
			goal{"CPU time of a " + f.name + " server, `Verify` and `Deduplicate`, vs. reading the body",
				verify + " and Deduplicate", reading, 1.3, -1})
	}
	return g
}

// printGoals prints the goals that were measured.
func printGoals(w io.Writer, results []result) {
	byName := map[string]result{}
	for _, r := range results {
		byName[r.name] = r
	}
	fmt.Fprintln(w, "| ratio | goal | measured | |")
	fmt.Fprintln(w, "| --- | --- | --- | --- |")
	for _, g := range goals() {
		numerator, measured := byName[g.numerator]
		denominator, compared := byName[g.denominator]
		if !measured || !compared {
			continue
		}
		ratio := numerator.nanoseconds / denominator.nanoseconds
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

// printFunctions prints every function and its ratio to the limit.
func printFunctions(w io.Writer, results []result) {
	if len(results) == 0 {
		return
	}
	fmt.Fprint(w, "\n| function | ns/op | B/op | allocs/op | × the limit |\n| --- | ---: | ---: | ---: | ---: |\n")
	limit := results[0] // the first of coreCases
	for _, r := range results {
		fmt.Fprintf(w, "| %s | %.0f | %d | %d | %.2f |\n",
			r.name, r.nanoseconds, r.bytes, r.allocs, r.nanoseconds/limit.nanoseconds)
	}
}
