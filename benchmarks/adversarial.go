package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/adversary"
)

// A forgedGroup is the forged bodies of one size for one verifier.
type forgedGroup struct {
	size          int // in bytes
	configuration string
	verifier      *core.Verifier
	most          float64 // the goal, as a multiple of the HMAC of as many bytes; 0: no goal
}

// forgedGroups returns the default configuration with bodies of five sizes, from that of an event
// to the default limit, and other configurations.
func forgedGroups() []forgedGroup {
	lookUp := func(secrets ...string) core.Option {
		return core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return secrets, nil })
	}
	standard := core.MustVerifier(secret)
	const largest, most = core.DefaultMaxBodyBytes, 10
	return []forgedGroup{
		{largest, "default", standard, most},
		{8 << 10, "default", standard, most},
		{4 << 10, "default", standard, most},
		{1 << 10, "default", standard, most},
		{bodyBytes, "default", standard, most},
		{largest, "SecretFunc, one secret", core.MustVerifier("", lookUp(secret)), most},
		{bodyBytes, "SecretFunc, one secret", core.MustVerifier("", lookUp(secret)), most},
		{largest, "SecretFunc, no secret", core.MustVerifier("", lookUp()), most},
		// takes at least five HMACs
		{largest, "five secrets", core.MustVerifier(secret, core.WithSecrets("a", "b", "c", "d")), 0},
	}
}

func (g forgedGroup) String() string {
	return fmt.Sprintf("worst forged body of %d bytes, %s", g.size, g.configuration)
}

func (g forgedGroup) limit() string { return fmt.Sprintf("limit, %d bytes", g.size) }

// cases returns the HMAC of as many bytes, followed by the kinds that fit the size.
func (g forgedGroup) cases() []benchCase {
	cases := []benchCase{limitCase(g.limit(), make([]byte, g.size))}
	for _, a := range adversary.All() {
		if b := a.Body(g.size); b != nil {
			cases = append(cases, benchCase{a.Name, func() error { return reject(g.verifier, b) }})
		}
	}
	return cases
}

// reject verifies a body whose signature is well-formed but wrong.
func reject(v *core.Verifier, body []byte) error {
	_, err := v.Verify(context.Background(), body, forgery)
	if !errors.Is(err, core.ErrSignatureMismatch) {
		return fmt.Errorf("forgery: %w", err)
	}
	return nil
}

// A forgedResult is the cost of rejecting a forged body.
type forgedResult struct {
	result
	group forgedGroup
	limit result
}

func (r forgedResult) ratio() float64 { return r.nanoseconds / r.limit.nanoseconds }

// forgedDuration is short because there are more than a thousand cases.
const forgedDuration = 2 * time.Millisecond

// finalists is the number of the most expensive kinds of a group that are measured more thoroughly.
// Otherwise the worst of many would be the one that met the slowest moments of the machine.
const finalists = 8

// measure returns the results of the cases, beginning with the limit.
func (g forgedGroup) measure(rounds int) ([]result, error) {
	cases := g.cases()
	results, err := measure(cases, rounds, forgedDuration)
	for measured := map[int]bool{}; err == nil; {
		next := worstOf(results[1:], finalists)
		next = append(slices.DeleteFunc(next, func(i int) bool { return measured[i] }), -1)
		if len(next) == 1 {
			return results, nil
		}
		var again []benchCase
		for _, i := range next {
			measured[i] = true
			again = append(again, cases[i+1])
		}
		var better []result
		better, err = measure(again, 4*rounds, forgedDuration)
		for n, r := range better {
			if i := next[n] + 1; r.nanoseconds < results[i].nanoseconds {
				results[i] = r
			}
		}
	}
	return nil, err
}

// worstOf returns the indexes of the n slowest results.
func worstOf(results []result, n int) []int {
	indexes := make([]int, len(results))
	for i := range indexes {
		indexes[i] = i
	}
	slices.SortFunc(indexes, func(a, b int) int { return cmp.Compare(results[b].nanoseconds, results[a].nanoseconds) })
	return indexes[:min(n, len(indexes))]
}

// measureForged returns the results of all groups, worst first.
func measureForged(rounds int) ([]forgedResult, error) {
	var all []forgedResult
	for _, g := range forgedGroups() {
		results, err := g.measure(rounds)
		if err != nil {
			return nil, err
		}
		for _, r := range results[1:] {
			all = append(all, forgedResult{r, g, results[0]})
		}
	}
	slices.SortStableFunc(all, func(a, b forgedResult) int { return cmp.Compare(b.ratio(), a.ratio()) })
	return all, nil
}

// worstForged returns, for the goals, the worst result of each group, named after the group, and
// its limit.
func worstForged(worstFirst []forgedResult) []result {
	var results []result
	seen := map[string]bool{}
	for _, r := range worstFirst {
		if name := r.group.String(); !seen[name] {
			seen[name] = true
			r.name = name
			results = append(results, r.result, r.limit)
		}
	}
	return results
}

func printForged(w io.Writer, results []forgedResult) {
	if len(results) == 0 {
		return
	}
	fmt.Fprint(w, "\n| forged body | bytes | configuration | × the HMAC | µs/op | B/op | allocs/op |\n")
	fmt.Fprint(w, "| --- | ---: | --- | ---: | ---: | ---: | ---: |\n")
	for _, r := range results {
		fmt.Fprintf(w, "| %s | %d | %s | %.1f | %.1f | %d | %d |\n",
			r.name, r.group.size, r.group.configuration, r.ratio(), r.nanoseconds/1000, r.bytes, r.allocs)
	}
}
