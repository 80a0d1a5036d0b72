package sqlurlr_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// A guard whose Begin was slow calls Undo while it still has to repeat End. Whatever the order, a
// commit in doubt is not forgotten.
func TestUndoOfACommitInDoubt(t *testing.T) {
	for _, isCommitted := range []bool{true, false} {
		for _, undoFails := range []bool{true, false} {
			t.Run(fmt.Sprintf("committed %v, Undo fails at first %v", isCommitted, undoFails), func(t *testing.T) {
				eachDatabase(t, func(t *testing.T, d database) {
					doubtful := &doubtful{inner: d.open(t).Driver(), source: d.source, commits: isCommitted}
					db := sql.OpenDB(doubtful)
					t.Cleanup(func() { _ = db.Close() })
					undoInDoubt(t, sqlurlr.New(db, d.dialect), doubtful, undoFails)
				})
			})
		}
	}
}

func undoInDoubt(t *testing.T, store *sqlurlr.Store, doubtful *doubtful, undoFails bool) {
	const secret = "whsec_undo"
	body := []byte(`{"event":"link_clicked"}`)
	e, err := core.MustVerifier(secret).Verify(t.Context(), body, core.Sign(secret, body))
	require.NoError(t, err)
	ctx := core.NewContext(t.Context(), e)
	lease := dedupe.Lease{Duration: time.Minute, Retention: time.Hour}
	first, second := dedupe.AttemptID{1}, dedupe.AttemptID{2}

	decision, err := store.Begin(ctx, e.Fingerprint(), first, lease)
	require.NoError(t, err)
	require.Equal(t, dedupe.Process, decision)
	doubtful.losesCommit.Store(true)
	require.ErrorIs(t, store.Handler(record)(ctx, e), core.ErrUnavailable)

	if undoFails {
		down, cancel := context.WithCancel(t.Context())
		cancel()
		require.Error(t, store.Undo(down, e.Fingerprint(), first))
	} else {
		require.NoError(t, store.Undo(ctx, e.Fingerprint(), first))
	}
	require.NoError(t, store.End(ctx, e.Fingerprint(), first, 0))
	require.NoError(t, store.Undo(ctx, e.Fingerprint(), first))

	decision, err = store.Begin(t.Context(), e.Fingerprint(), second, lease)
	require.NoError(t, err)
	want := dedupe.Process
	if doubtful.commits {
		want = dedupe.Skip
	}
	assert.Equal(t, want, decision)
}

// A crash of Postgres can forget the end of an attempt. An Undo that comes before it is ended a second
// time must not take it for one whose response was lost.
func TestUndoAfterAForgottenEnd(t *testing.T) {
	db := newPostgres(t).open(t)
	store := sqlurlr.New(db, sqlurlr.Postgres)
	body := []byte(`{"event":"link_clicked"}`)
	e, err := core.MustVerifier(secret).Verify(t.Context(), body, core.Sign(secret, body))
	require.NoError(t, err)
	ctx := core.NewContext(t.Context(), e)
	lease := dedupe.Lease{Duration: time.Minute, Retention: time.Hour}
	execute := func(statement string) {
		t.Helper()
		_, err := db.ExecContext(ctx, statement)
		require.NoError(t, err)
	}

	_, err = store.Begin(ctx, e.Fingerprint(), dedupe.AttemptID{1}, lease)
	require.NoError(t, err)
	require.NoError(t, store.Handler(record)(ctx, e))
	execute(`CREATE TABLE before_the_end AS SELECT * FROM ` + sqlurlr.DefaultTable)
	require.NoError(t, store.End(ctx, e.Fingerprint(), dedupe.AttemptID{1}, 0))
	execute(`INSERT INTO ` + sqlurlr.DefaultTable + ` SELECT * FROM before_the_end`)

	require.NoError(t, store.Undo(ctx, e.Fingerprint(), dedupe.AttemptID{1}))
	decision, err := store.Begin(ctx, e.Fingerprint(), dedupe.AttemptID{2}, lease)
	require.NoError(t, err)
	assert.Equal(t, dedupe.Process, decision, "a twin")
}
