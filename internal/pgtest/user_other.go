//go:build !unix

package pgtest

import (
	"syscall"
	"testing"
)

func giveAway(testing.TB, string) *syscall.SysProcAttr { return nil }
