package store_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// fixtures holds what each version could write, in its own SQL. They never change.
var fixtures = []string{
	1: `INSERT INTO deliveries (id, received, remote, path, length, verdict, problem, form, code, country,
			answered, forwarded, status, error, duration)
		VALUES (41, 1795521600000001, '127.0.0.1:5', '/h', 2, 'authentic', '', 'raw', 'abc', 'FR',
			1795521600000002, 'http://127.0.0.1:3000/', 204, '', 1500);
		INSERT INTO contents (id, header, body, answer_header, answer_body)
		VALUES (41, '{"A":["b"]}', x'00ff', '{"C":["d"]}', x'01');
		INSERT INTO deliveries (id, received, remote, path, length, verdict, problem, form, code, country,
			answered, forwarded, status, error, duration)
		VALUES (7, 1, '', '/', 0, 'refused', '', '', '', '', 2, '', 401, '', 1), (8, 1, '', '/', 0, 'refused', '', '', '', '', NULL, '', 0, '', 0);
		INSERT INTO contents (id, header, body, answer_header, answer_body) VALUES (7, 'null', NULL, 'null', NULL), (8, 'null', x'7b226c696e6b223a7b226c6162656c223a224c227d2c2263697479223a2243c3a9227d', 'null', NULL);`,
	2: `INSERT INTO deliveries (id, received, remote, path, length, verdict, problem, form, code, country,
			answered, forwarded, status, error, duration, replays, replayed, replay_status, acknowledged, label, city)
		VALUES (41, 1795521600000001, '127.0.0.1:5', '/h', 2, 'authentic', '', 'raw', 'abc', 'FR',
			1795521600000002, 'http://127.0.0.1:3000/', 204, '', 1500, 0, NULL, 0, 1, '', ''),
			(7, 1, '', '/', 0, 'refused', '', '', '', '', 2, '', 401, '', 1, 1, 3, 500, 0, '', ''),
			(8, 1, '', '/', 0, 'refused', '', '', '', '', NULL, '', 0, '', 0, 0, NULL, 0, 0, 'L', 'Cé');
		INSERT INTO contents (id, header, body, answer_header, answer_body)
		VALUES (41, '{"A":["b"]}', x'00ff', '{"C":["d"]}', x'01'), (7, 'null', NULL, 'null', NULL), (8, 'null', NULL, 'null', NULL);
		INSERT INTO replays (id, delivery, edited, body, answered, forwarded, status, error, duration, answer_header, answer_body)
		VALUES (3, 7, 1, x'0102', 3, 'http://127.0.0.1:3000/', 500, 'e', 9, '{"C":["d"]}', x'03');`,
}

func TestEveryVersionHasAFixture(t *testing.T) {
	assert.Len(t, fixtures, store.Version+1)
}

func TestDatabasesOfEarlierVersions(t *testing.T) {
	for version := 1; version <= store.Version; version++ {
		path := file(t)
		db, err := store.OpenVersion(path, version)
		require.NoError(t, err)
		_, err = db.Exec(fixtures[version])
		require.NoError(t, err)
		require.NoError(t, db.Close())

		s := open(t, path, many)
		at := time.UnixMicro(1795521600000001).UTC()
		assert.Equal(t, &store.Delivery{
			ID: 41, Received: at, Remote: "127.0.0.1:5", Path: "/h", Header: http.Header{"A": {"b"}}, Body: []byte{0,
				0xff}, Length: 2,
			Verdict: store.Authentic, Form: "raw", Code: "abc", Country: "FR",
			Answer: store.Answer{
				At: at.Add(time.Microsecond), By: "http://127.0.0.1:3000/", Status: 204,
				Header: http.Header{"C": {"d"}}, Body: []byte{1},
				Duration: 1500,
			},
		}, get(t, s, 41), "version %d", version)
		failed, err := s.IDs(t.Context(), store.Filter{Status: store.Failed})
		require.NoError(t, err)
		assert.Equal(t, []int64{7, 8}, failed, "version %d", version)
		eighth := get(t, s, 8)
		assert.Equal(t, []string{"L", "Cé"}, []string{eighth.Label, eighth.City}, "version %d", version)
		replays, err := s.Replays(t.Context(), 7, 10)
		require.NoError(t, err)
		if version < 2 {
			assert.Empty(t, replays)
		} else {
			assert.Equal(t, []store.Replay{{ID: 3, Delivery: 7, Edited: true, Body: []byte{1, 2}, Answer: store.Answer{
				At: time.UnixMicro(3).UTC(), By: "http://127.0.0.1:3000/", Status: 500, Error: "e", Duration: 9,
				Header: http.Header{"C": {"d"}}, Body: []byte{3},
			}}}, replays)
		}
		addReplay(t, s, store.Replay{Delivery: 7, Answer: store.Answer{At: at, Status: 204}})
		assert.EqualValues(t, 42, add(t, s, full()), "version %d", version)
	}
}

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	path := file(t)
	s, err := store.Open(path, many)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = raw(t, path).Exec("PRAGMA user_version = 99")
	require.NoError(t, err)

	_, err = store.Open(path, many)
	assert.ErrorContains(t, err, path)
	assert.ErrorContains(t, err, "version 99")
	assert.ErrorContains(t, err, "update urlrhook")
}

func TestADatabaseOfAnotherProgramIsLeftAlone(t *testing.T) {
	skipOnWindows(t)
	path := file(t)
	db := raw(t, path)
	_, err := db.Exec("CREATE TABLE deliveries (id INTEGER PRIMARY KEY)")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o644))

	_, err = store.Open(path, many)
	assert.ErrorContains(t, err, "another program")
	assertMode(t, path, 0o644)
	var mode string
	require.NoError(t, db.QueryRow("PRAGMA journal_mode").Scan(&mode))
	assert.Equal(t, "delete", mode)
}
