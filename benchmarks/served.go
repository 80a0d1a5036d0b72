package main

import (
	"errors"
	"fmt"
	"io"
	"time"
)

var servedFrameworks = []struct{ name, adapter string }{
	{"net/http", "nethttpurlr"}, {"Gin", "ginurlr"}, {"Echo", "echourlr"},
	{"Echo v5", "echov5urlr"}, {"Fiber", "fiberurlr"}, {"Fiber v3", "fiberv3urlr"},
}

// variants returns the endpoints served with a framework.
func variants(adapter string) []string {
	return []string{"reading", "by hand", adapter, adapter + " and Deduplicate"}
}

// endpointName returns the name of an endpoint, servedName that of its result.
func endpointName(framework, variant string) string { return framework + ", " + variant }
func servedName(framework, variant string) string {
	return "CPU, " + endpointName(framework, variant)
}

// A servedEndpoint is an endpoint in a process of its own, with a load for it.
type servedEndpoint struct {
	name   string
	server *server
	load   load
	used   time.Duration // CPU time under load
}

// measureServed returns the CPU time a server takes per request, including system calls and garbage
// collection. The servers take many short turns, so that a slow moment of the machine affects them
// all. The mean of all turns counts: a single turn is too short to contain a fair share of garbage
// collection.
func measureServed(turns, requests int) (results []result, err error) {
	endpoints, err := serveAll()
	defer func() {
		for _, e := range endpoints {
			err = errors.Join(err, e.stop())
		}
	}()
	if err != nil {
		return nil, err
	}
	for turn := range turns + 1 {
		for _, e := range endpoints {
			used, err := e.cpuFor(requests)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.name, err)
			}
			if turn > 0 { // the first turn is a warm-up
				e.used += used
			}
		}
	}
	for _, e := range endpoints {
		perRequest := float64(e.used.Nanoseconds()) / float64(turns*requests)
		results = append(results, result{name: e.name, nanoseconds: perRequest})
	}
	return results, nil
}

// serveAll starts all servers. With an error, it also returns those already started.
func serveAll() ([]*servedEndpoint, error) {
	var all []*servedEndpoint
	for _, f := range servedFrameworks {
		for _, variant := range variants(f.adapter) {
			server, err := startServer(endpointName(f.name, variant))
			if err != nil {
				return all, err
			}
			e := &servedEndpoint{name: servedName(f.name, variant), server: server}
			all = append(all, e)
			if e.load, err = newLoad(server.addr); err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

// cpuFor returns the CPU time the server takes for a number of requests.
func (e *servedEndpoint) cpuFor(requests int) (time.Duration, error) {
	before, err := e.server.cpu()
	if err != nil {
		return 0, err
	}
	if err := e.load.send(requests); err != nil {
		return 0, err
	}
	after, err := e.server.cpu()
	return after - before, err
}

func (e *servedEndpoint) stop() error { return errors.Join(e.load.close(), e.server.stop()) }

// printServed prints a row for each framework.
func printServed(w io.Writer, results []result) {
	if len(results) == 0 {
		return
	}
	fmt.Fprint(w, "\n| CPU time of a server per request "+
		"| reading the body | by hand | `Verify` | and `Deduplicate` |\n")
	fmt.Fprint(w, "| --- | ---: | ---: | ---: | ---: |\n")
	for i, f := range servedFrameworks {
		n := len(variants(f.adapter))
		ofFramework := results[i*n : (i+1)*n]
		fmt.Fprintf(w, "| %s |", f.name)
		for _, r := range ofFramework {
			fmt.Fprintf(w, " %.1f µs, %.2f × |", r.nanoseconds/1000, r.nanoseconds/ofFramework[0].nanoseconds)
		}
		fmt.Fprintln(w)
	}
}
