//go:build !race

package diagnose_test

const pairs = 10_000
