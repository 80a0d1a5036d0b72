//go:build unix

package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// giveAway gives dir to the user created by Debian's package, and returns the attributes of
// processes that run as that user, because Postgres refuses to run as root.
func giveAway(tb testing.TB, dir string) *syscall.SysProcAttr {
	tb.Helper()
	u, err := user.Lookup("postgres")
	require.NoError(tb, err)
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	require.NoError(tb, err)
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	require.NoError(tb, err)
	require.NoError(tb, os.Chown(dir, int(uid), int(gid)))
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}
