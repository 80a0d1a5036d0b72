package redisurlr

import (
	"context"
	_ "embed"
	"encoding/hex"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// The scripts. state.lua describes the state they share.
var (
	//go:embed state.lua
	state string
	//go:embed shared.lua
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

// Redis refuses a script before it starts or not at all: half of one could use up a credit and
// forget it. When memory is full, attempts can end, but none can begin.
const (
	refusedWithoutMemory = "#!lua\n"
	allowedWithoutMemory = "#!lua flags=allow-oom\n"
)

// A scriptCall is one call of a script, with its result.
type scriptCall struct {
	script *redis.Script
	keys   []string
	args   []any

	result string
	err    error
}

func (s *Store) newScriptCall(script *redis.Script, fingerprint string, id dedupe.AttemptID, args ...any) *scriptCall {
	key := s.prefix + "{" + fingerprint + "}:" // Redis Cluster hashes what is in braces
	hexID := hex.EncodeToString(id[:])
	return &scriptCall{
		script: script,
		keys:   []string{key + "unusual", key + hexID},
		args:   append([]any{hexID, milliseconds(dedupe.BookkeepingTime)}, args...),
	}
}

// run makes the call in a round trip of its own.
func (c *scriptCall) run(ctx context.Context, client redis.UniversalClient) {
	c.result, c.err = c.script.Run(ctx, client, c.keys, c.args...).Text()
}

// milliseconds converts d to the unit of the scripts, rounding positive durations up to at least 1.
func milliseconds(d time.Duration) int64 {
	if d > 0 {
		return max(d.Milliseconds(), 1)
	}
	return 0
}
