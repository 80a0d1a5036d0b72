package main

import (
	"maps"
	"slices"
)

// hints says what to look at if deliveries were given up. It leaves out what is as it should be: a
// forgery that was refused.
func (s *summary) hints() (all []string) {
	if s.GivenUp == 0 {
		return nil
	}
	for _, status := range slices.Sorted(maps.Keys(s.Statuses)) {
		if s.forged && isRefusal(status) {
			continue
		}
		if hint := hintFor(status); hint != "" {
			all = append(all, status+": "+hint)
		}
	}
	return all
}

// hintFor says why a receiver usually answers with a status, and where to look. It returns "" for
// one that accepts a delivery.
func hintFor(status string) string {
	switch status {
	case "401", "403":
		return "it refuses the signature. Does it have the same secret, and verify the raw body?"
	case "404", "405":
		return "nothing takes POST requests at this path. Check the path in --to."
	case "413":
		return "the body is over its limit."
	case "408", "429", "503":
		return "it is busy, or something that it needs is down. See its log."
	}
	switch status[0] {
	case '2':
		return ""
	case '3':
		return "it redirects, and URLR may not follow. Give the final URL."
	case '5':
		return "the application, or a proxy in front of it, failed. See its log."
	default:
		return "it can't use the request. See its log."
	}
}
