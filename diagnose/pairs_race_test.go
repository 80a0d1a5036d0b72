//go:build race

package diagnose_test

const pairs = 1_000 // the race detector makes each take twenty times as long
