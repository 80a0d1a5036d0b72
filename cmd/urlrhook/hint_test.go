package main

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// send says what an answer other than 2xx probably means, also on a narrow terminal.
func TestSendExplainsAnswers(t *testing.T) {
	t.Setenv("COLUMNS", "50")
	for status, want := range map[int]string{
		302: "redirects", 400: "can't use the request", 401: "secret", 404: "path", 413: "limit", 500: "log", 503: "busy",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		o := run(t, "", "send", "--to", server.URL, "--attempts", "1")
		forged := run(t, "", "send", "--to", server.URL, "--forge")
		server.Close()
		assert.Contains(t, o.stdout, "→ "+strconv.Itoa(status)+": ")
		assert.Contains(t, o.stdout, want)
		assertFits(t, o.stdout, 50)
		assert.Equal(t, isRefusal(strconv.Itoa(status)), forged.err == nil)
		assert.Equal(t, forged.err != nil, containsHint(forged.stdout), "a refused forgery is as it should be")
	}
	url, _ := application(t, 1)
	o := run(t, "", "send", "--to", url, "--first-interval", "0s")
	assert.NoError(t, o.err)
	assert.False(t, containsHint(o.stdout), "the retry was accepted")
}

func containsHint(text string) bool { return strings.Contains(text, "→") }
