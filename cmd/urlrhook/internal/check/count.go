package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/visible"
)

// A Counter returns how many clicks the application has counted.
type Counter func(ctx context.Context) (int, error)

const (
	countTimeout = 3 * time.Second        // to count what was acknowledged
	settling     = 250 * time.Millisecond // to notice what was counted and should not be
	between      = 20 * time.Millisecond
	maxCountText = 64 << 10
)

var number = regexp.MustCompile(`-?[0-9]+`)

// firstNumber returns the first integer in a text.
func firstNumber(text []byte) (int, error) {
	found := number.Find(text)
	if found == nil {
		return 0, errors.New("there is no number in its output")
	}
	return strconv.Atoi(string(found))
}

// CountByURL returns a Counter that takes the first number from a URL's response. Its errors don't
// contain a password in the URL.
func CountByURL(client *http.Client, address *url.URL) Counter {
	return func(ctx context.Context) (int, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
		if err != nil {
			return 0, err
		}
		response, err := client.Do(request)
		if err != nil {
			return 0, err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return 0, fmt.Errorf("%s answered with %d", address.Redacted(), response.StatusCode)
		}
		text, err := io.ReadAll(io.LimitReader(response.Body, maxCountText))
		if err != nil {
			return 0, err
		}
		return firstNumber(text)
	}
}

// CountByCommand returns a Counter that takes the first number a shell command prints. The command
// gets until the timeout.
func CountByCommand(command string, timeout time.Duration) Counter {
	return func(ctx context.Context) (int, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		process := exec.CommandContext(ctx, "sh", "-c", command) //nolint:gosec // the command is the user's
		process.WaitDelay = between                              // for processes of its own, which keep the output open
		text, err := process.Output()
		if ctx.Err() != nil {
			err = fmt.Errorf("no answer in %v", timeout)
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w%s", command, err, complaint(err))
		}
		return firstNumber(text)
	}
}

// complaint returns the last line that a command printed to standard error.
func complaint(err error) string {
	failure, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return ""
	}
	text := bytes.TrimSpace(failure.Stderr)
	last := string(text[bytes.LastIndexByte(text, '\n')+1:])
	if last == "" {
		return ""
	}
	return ": " + visible.Line(last, 200)
}

// A counted says what the application counted for a check.
type counted struct {
	clicks int
	late   bool // only after the answer
	err    error
}

// count returns how many clicks have been counted since base. It waits until they are as many as
// wanted, at most for countTimeout.
func (r *run) count(ctx context.Context, base, want int) (c counted) {
	start, limit := time.Now(), r.countLimit()
	n, err := r.Count(ctx)
	for err == nil && n-base < want && time.Since(start) < limit && ctx.Err() == nil {
		c.late = true
		pause(ctx, between)
		n, err = r.Count(ctx)
	}
	if err == nil {
		if n-base < want {
			r.uncounted = true
		} else {
			r.slowestCount = max(r.slowestCount, time.Since(start))
		}
		pause(ctx, settling)
		n, err = r.Count(ctx)
	}
	c.clicks, c.err = n-base, err
	c.late = c.late && c.clicks >= want
	return c
}

// countLimit returns how long to wait for a count. Once a click was not counted in countTimeout, it is
// hardly more than what the slowest click took that was.
func (r *run) countLimit() time.Duration {
	if !r.uncounted {
		return countTimeout
	}
	return min(settling+3*r.slowestCount, countTimeout)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
