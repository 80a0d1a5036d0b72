package redisurlr

import (
	"context"
	_ "embed"
	"encoding/hex"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// The scripts. state.lua says what they keep.
var (
	//go:embed state.lua
	state string
	//go:embed step.lua
	shared string
	//go:embed begin_usual.lua
	beginUsual string
	//go:embed begin.lua
	begin string
	//go:embed abandon.lua
	abandon string
	//go:embed undo.lua
	undo string
	//go:embed end_usual.lua
	endUsual string
	//go:embed end.lua
	end string

	beginScript   = redis.NewScript(refusedWithoutMemory + state + beginUsual + shared + begin)
	abandonScript = redis.NewScript(allowedWithoutMemory + state + shared + abandon)
	undoScript    = redis.NewScript(allowedWithoutMemory + state + shared + undo)
	endScript     = redis.NewScript(allowedWithoutMemory + state + endUsual + shared + end)
)

// Redis refuses a script before it starts, or not at all: half a step would take a credit and
// forget it. When memory is full, attempts may end, but none may begin.
const (
	refusedWithoutMemory = "#!lua\n"
	allowedWithoutMemory = "#!lua flags=allow-oom\n"
)

// A step is a script with what it is about, and what came of it.
type step struct {
	script *redis.Script
	keys   []string
	args   []any

	result string
	err    error
}

func (s *Store) newStep(script *redis.Script, fingerprint string, id dedupe.AttemptID, args ...any) *step {
	key := s.prefix + "{" + fingerprint + "}:" // the braces choose the slot of a cluster
	hexID := hex.EncodeToString(id[:])
	return &step{
		script: script,
		keys:   []string{key + "unusual", key + hexID},
		args:   append([]any{hexID, milliseconds(dedupe.BookkeepingTime)}, args...),
	}
}

// run takes the step alone.
func (s *step) run(ctx context.Context, client redis.UniversalClient) {
	s.result, s.err = s.script.Run(ctx, client, s.keys, s.args...).Text()
}

// milliseconds is what Redis counts in. What is more than nothing stays more than nothing.
func milliseconds(d time.Duration) int64 {
	if d > 0 {
		return max(d.Milliseconds(), 1)
	}
	return 0
}
