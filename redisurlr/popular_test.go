package redisurlr_test

import (
	"encoding/binary"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/redistest"
	"github.com/urlr-community/webhooks-go/redisurlr"
)

// A body with 2,000 attempts in progress costs Redis no more than one with ten: as many commands,
// and as many bytes written.
func TestPopularBody(t *testing.T) {
	client := newClient(t, redistest.Start(t))
	store := redisurlr.New(client)
	var attempts uint16
	begin := func(lease dedupe.Lease) dedupe.AttemptID {
		attempts++
		id := dedupe.AttemptID{}
		binary.BigEndian.PutUint16(id[:], attempts)
		_, err := store.Begin(t.Context(), "f", id, lease)
		require.NoError(t, err)
		return id
	}
	deliver := func() {
		p := &player{t, store}
		p.end(begin(lease), 0)
		failed := begin(lease)
		p.abandon(failed)
		p.end(failed, 0)
		p.end(begin(lease), lease.Retention)
		p.end(begin(lease), 0)
		p.undo(begin(lease))
	}
	work := func() (commands, written int) {
		deliver()
		before := workOf(t, client)
		deliver()
		after := workOf(t, client)
		return after.commands - before.commands, after.written - before.written
	}

	for range 10 {
		begin(lease)
	}
	commands, written := work()
	for range 2000 {
		begin(lease)
	}
	popularCommands, popularWritten := work()
	t.Logf("%d and %d commands; %d and %d bytes written", commands, popularCommands, written, popularWritten)
	assert.Equal(t, commands, popularCommands)
	assert.InDelta(t, written, popularWritten, 100, "digits")
}

// A workload is the work that Redis has done.
type workload struct{ commands, written int }

func workOf(t *testing.T, client *redis.Client) workload {
	t.Helper()
	info, err := client.InfoMap(t.Context(), "stats", "persistence").Result()
	require.NoError(t, err)
	commands, err := strconv.Atoi(info["Stats"]["total_commands_processed"])
	require.NoError(t, err)
	written, err := strconv.Atoi(info["Persistence"]["aof_current_size"])
	require.NoError(t, err)
	return workload{commands, written}
}
