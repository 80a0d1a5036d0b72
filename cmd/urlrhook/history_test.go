package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// received keeps deliveries in a new database, each with its first answer's status.
func received(t *testing.T, statuses ...int) (database string) {
	t.Helper()
	database = filepath.Join(t.TempDir(), "deliveries.db")
	s, err := store.Open(database, 100)
	require.NoError(t, err)
	for i, status := range statuses {
		e := urlrtest.NewEvent()
		e.Country = []string{"FR", "DE"}[i%2]
		body := urlrtest.Body(e, urlrtest.Latest)
		require.NoError(t, s.Add(t.Context(), &store.Delivery{
			Received: time.Now(), Verdict: store.Authentic, Form: "raw", Code: e.Link.Code, Country: e.Country,
			Path: "/", Body: body, Length: int64(len(body)),
			Header: http.Header{core.SignatureHeader: {core.Sign(testSecret, body)}},
			Answer: store.Answer{At: time.Now(), By: "http://127.0.0.1:3000/", Status: status},
		}))
	}
	require.NoError(t, s.Close())
	return database
}

// objects decodes JSON, one object per line.
func objects(t *testing.T, text string) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var object map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &object), line)
		all = append(all, object)
	}
	return all
}

// Every attempt is kept and shown: what the application first answered, and each replay.
func TestHistory(t *testing.T) {
	database := received(t, 500, 204)
	var status atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(status.Load()))
	}))
	defer server.Close()
	status.Store(503)
	assert.Equal(t, 1, run(t, "", "replay", "--db", database, "--to", server.URL, "1").exitStatus())
	status.Store(202)
	require.NoError(t, run(t, "", "replay", "--db", database, "--to", server.URL, "--failed").err)
	o := run(t, "", "replay", "--db", database, "--to", server.URL, "--failed")
	require.NoError(t, o.err)
	assert.Equal(t, "No delivery matches.\n", o.stdout, "what was acknowledged once has not failed")

	shown := run(t, "", "show", "--db", database, "1").stdout
	history, _, _ := strings.Cut(shown, "\nPOST")
	checkGolden(t, "show-history", history)
	checkGolden(t, "list-history", run(t, "", "list", "--db", database).stdout)

	list := objects(t, run(t, "", "list", "--db", database, "--json").stdout)
	require.Len(t, list, 2)
	assert.EqualValues(t, 2, list[0]["id"])
	assert.EqualValues(t, 500, list[1]["answer"].(map[string]any)["status"])
	assert.EqualValues(t, 202, list[1]["last_replay"].(map[string]any)["status"])
	assert.EqualValues(t, 2, list[1]["replay_count"])
	assert.Equal(t, true, list[1]["acknowledged"])
	one := objects(t, run(t, "", "show", "--db", database, "--json", "1").stdout)
	require.Len(t, one, 1)
	assert.Len(t, one[0]["replays"], 2)
	assert.Contains(t, one[0]["body"], "link_clicked")
}

// Edited replays are signed again, so that the application accepts them.
func TestReplayEdited(t *testing.T) {
	database := received(t, 500, 500)
	var got []*core.Event
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := core.MustVerifier(testSecret).VerifyRequest(r)
		if assert.NoError(t, err) {
			got = append(got, e)
		}
		w.WriteHeader(core.StatusCode(err))
	}))
	defer server.Close()
	o := run(t, "", "replay", "--db", database, "--to", server.URL, "--failed", "--set", "city=A, B", "--set",
		"link.label=null", "--set", "is_unique=false")
	require.NoError(t, o.err)
	assert.Contains(t, o.stdout, "(edited)")
	require.Len(t, got, 2)
	for _, e := range got {
		assert.Equal(t, "A, B", e.City)
		assert.Empty(t, e.Link.Label)
		assert.False(t, *e.IsUnique)
		assert.Equal(t, urlrtest.NewEvent().Link.ID, e.Link.ID, "the rest is as it was")
	}
	shown := run(t, "", "show", "--db", database, "1").stdout
	assert.Contains(t, shown, `"city":"A, B"`)
	assert.Contains(t, run(t, "", "list", "--db", database, "--status", "failed").stdout, "500",
		"what was received was not accepted yet")

	require.NoError(t, run(t, `{"event":"x"}`, "replay", "--db", database, "--to", server.URL, "--body", "-", "1").err)
	assert.Equal(t, `{"event":"x"}`, string(got[2].Raw()))
	o = run(t, "", "replay", "--db", database, "--to", server.URL, "--set", "city.name=x", "1")
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, o.stdout, "the field can't be set")

	t.Setenv(secretEnv, "")
	o = runAsIs(t.Context(), t, "", "replay", "--db", database, "--to", server.URL, "--set", "city=x", "1")
	assert.ErrorContains(t, o.err, "no secret")
}

// A filter replays several deliveries, and --json prints the results.
func TestReplayByFilter(t *testing.T) {
	database := received(t, 500, 500, 204, 204)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	o := run(t, "", "replay", "--db", database, "--to", server.URL, "--country", "fr", "--json")
	require.NoError(t, o.err)
	replays := objects(t, o.stdout)
	require.Len(t, replays, 2)
	assert.EqualValues(t, 1, replays[0]["delivery"])
	assert.EqualValues(t, 3, replays[1]["delivery"])
	assert.EqualValues(t, 200, replays[1]["status"])
	require.Len(t, objects(t, run(t, "", "replay", "--db", database, "--to", server.URL, "--status", "replayed",
		"--json").stdout), 2)
	require.Len(t, objects(t, run(t, "", "replay", "--db", database, "--to", server.URL, "--failed", "--country",
		"DE", "--json").stdout), 1)
	o = run(t, "", "replay", "--db", database, "--to", server.URL, "--json", "99")
	assert.Equal(t, 1, o.exitStatus())
	assert.Contains(t, objects(t, o.stdout)[0]["failed"], "no such delivery")

	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"neither":          {nil, "but not both"},
		"both":             {[]string{"--country", "FR", "1"}, "but not both"},
		"failed twice":     {[]string{"--failed", "--status", "5xx"}, "use one of them"},
		"no verdict":       {[]string{"--verdict", "good"}, "authentic, refused or unchecked"},
		"no status":        {[]string{"--status", "9"}, "unknown status"},
		"no setting":       {[]string{"--set", "city", "1"}, "write it like link.code=abc"},
		"body and setting": {[]string{"--set", "city=x", "--body", "-", "1"}, "use either --set or --body"},
		"no header":        {[]string{"--header", "x", "1"}, "Name: value"},
		"connection's":     {[]string{"--header", "Connection: close", "1"}, "belongs to the connection"},
		"insecure":         {[]string{"--insecure", "--to", "https://example.com", "1"}, "--ca-file"},
		"no authority":     {[]string{"--ca-file", "no-such-file", "1"}, "no-such-file"},
	} {
		o := run(t, "", append([]string{"replay", "--db", database, "--to", server.URL}, test.args...)...)
		assert.ErrorContains(t, o.err, test.want, name)
		assert.Equal(t, 2, o.exitStatus(), name)
	}
}

// listen --json prints an object for each delivery, and nothing else, on standard output.
func TestListenJSON(t *testing.T) {
	application, _ := application(t, 1)
	program := binary(t)
	var stdout bytes.Buffer
	l := &listening{process: startWith(t, &stdout, program, "listen", "--db", ":memory:", "--addr", "127.0.0.1:0",
		"--page", "127.0.0.1:0",
		"--json", "--forward", application)}
	l.url = l.waitFor("Receiving at")
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	deliver(t, l.url, testSecret, body)
	deliver(t, l.url, testSecret, body)
	deliver(t, l.url, "wrong", body)
	require.NoError(t, l.stop())
	all := objects(t, stdout.String())
	require.Len(t, all, 3)
	for i, want := range []int{500, 204, 401} {
		assert.EqualValues(t, i+1, all[i]["id"])
		assert.EqualValues(t, want, all[i]["answer"].(map[string]any)["status"])
	}
	assert.Equal(t, "refused", all[2]["verdict"])
}

// Forwarding adds headers, and accepts a self-signed certificate.
func TestListenForwardsWithHeadersOverTLS(t *testing.T) {
	got := make(chan *http.Request, 2)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		got <- r
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // listen looks whether somebody listens, and says nothing
	server.StartTLS()
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file,
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	for _, trust := range [][]string{{"--insecure"}, {"--ca-file", file}} {
		args := append([]string{"--db", ":memory:", "--forward", server.URL, "--header", "X-Tenant: a, b"}, trust...)
		output, url, stop := listenHere(t, args...)
		deliver(t, url, testSecret, urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest))
		assert.Equal(t, "a, b", (<-got).Header.Get("X-Tenant"))
		output.after(t, "200 in")
		require.NoError(t, stop())
	}
}

// Wide characters in a code take no more columns than others.
func TestListOfWideCodes(t *testing.T) {
	t.Setenv("COLUMNS", "95")
	database := filepath.Join(t.TempDir(), "deliveries.db")
	s, err := store.Open(database, 100)
	require.NoError(t, err)
	require.NoError(t, s.Add(t.Context(), &store.Delivery{
		Received: time.Now(), Verdict: store.Authentic, Form: "raw", Body: []byte("{}"), Length: 2,
		Code: strings.Repeat("東", 40), Country: strings.Repeat("京", 8),
	}))
	require.NoError(t, s.Close())
	o := run(t, "", "list", "--db", database)
	require.NoError(t, o.err)
	assert.Contains(t, o.stdout, "東…")
	assertFits(t, o.stdout, 95)
}
