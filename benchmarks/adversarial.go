package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/urlr-community/webhooks-go/core"
)

// forgedSizes are the sizes of forged bodies in bytes: that of an event, two between, and the largest that is accepted.
var forgedSizes = []int{bodyBytes, 1 << 10, 4 << 10, core.DefaultMaxBodyBytes}

// A configuration is a verifier as users set it up.
type configuration struct {
	name     string
	verifier *core.Verifier
}

func configurations() []configuration {
	lookUp := func(secrets ...string) core.Option {
		return core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) { return secrets, nil })
	}
	return []configuration{
		{"default", core.MustVerifier(secret)},
		{"SecretFunc with one secret", core.MustVerifier("", lookUp(secret))},
		{"SecretFunc with no secret", core.MustVerifier("", lookUp())},
		{"five secrets", core.MustVerifier(secret, core.WithSecrets("a", "b", "c", "d"))},
	}
}

// A forgedRequest is the verification of a body that somebody has chosen to be expensive.
type forgedRequest struct {
	kind          string
	configuration string
	size          int // in bytes
	benchCase
}

// forgedRequests has every kind in every size for the default configuration, and in the largest size for the others.
func forgedRequests() []forgedRequest {
	var all []forgedRequest
	for i, c := range configurations() {
		for _, size := range forgedSizes {
			if i > 0 && size != core.DefaultMaxBodyBytes {
				continue
			}
			for _, kind := range adversaries() {
				if body := kind.body(size); body != nil {
					all = append(all, forgedRequest{kind.name, c.name, size, forgedCase(kind.name, c.verifier, body)})
				}
			}
		}
	}
	return all
}

func forgedCase(name string, v *core.Verifier, body []byte) benchCase {
	return benchCase{name, func() error {
		if _, err := v.Verify(context.Background(), body, forgery); !errors.Is(err, core.ErrSignatureMismatch) {
			return fmt.Errorf("accepted a forgery, or refused it for another reason: %w", err)
		}
		return nil
	}}
}

// A forgedResult is what a forged request costs.
type forgedResult struct {
	forgedRequest
	result
	ratio float64 // to the HMAC of as many bytes
}

// measureForged returns the results, the worst first.
func measureForged(rounds int) ([]forgedResult, error) {
	all := forgedRequests()
	var cases []benchCase
	for _, size := range forgedSizes {
		cases = append(cases, limitCase("limit", make([]byte, size)))
	}
	for _, f := range all {
		cases = append(cases, f.benchCase)
	}
	results, err := measure(cases, rounds)
	if err != nil {
		return nil, err
	}
	limits, results := results[:len(forgedSizes)], results[len(forgedSizes):]
	forged := make([]forgedResult, len(all))
	for i, f := range all {
		limit := limits[slices.Index(forgedSizes, f.size)]
		forged[i] = forgedResult{f, results[i], results[i].nanoseconds / limit.nanoseconds}
	}
	slices.SortFunc(forged, func(a, b forgedResult) int { return cmp.Compare(b.ratio, a.ratio) })
	return forged, nil
}

func printForged(w io.Writer, forged []forgedResult) {
	fmt.Fprint(w, "\n| forged body | bytes | configuration | × the limit | µs/op | B/op | allocs/op |\n")
	fmt.Fprint(w, "| --- | ---: | --- | ---: | ---: | ---: | ---: |\n")
	for _, f := range forged {
		fmt.Fprintf(w, "| %s | %d | %s | %.1f | %.1f | %d | %d |\n",
			f.kind, f.size, f.configuration, f.ratio, f.nanoseconds/1000, f.result.bytes, f.allocs)
	}
}
