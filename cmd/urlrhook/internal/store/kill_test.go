package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// victim is the environment variable with the database's path for the process that is killed.
const victim = "URLRHOOK_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		addForever(path)
	}
	os.Exit(m.Run())
}

// addForever prints each step after it returned.
func addForever(path string) {
	s, err := store.Open(path, many)
	if err != nil {
		panic(err)
	}
	for range 8 {
		go func() {
			for {
				d := full()
				if err := s.Add(context.Background(), &d); err != nil {
					panic(err)
				}
				fmt.Fprintf(os.Stdout, "added %d\n", d.ID)
				if err := s.SetAnswer(context.Background(), d.ID, fullAnswer()); err != nil {
					panic(err)
				}
				fmt.Fprintf(os.Stdout, "answered %d\n", d.ID)
			}
		}()
	}
	select {}
}

func TestWhatReturnedSurvivesSIGKILL(t *testing.T) {
	path := file(t)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), victim+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())

	var added, answered []int64
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var step string
		var id int64
		_, err := fmt.Sscan(lines.Text(), &step, &id)
		require.NoError(t, err)
		if step == "answered" {
			answered = append(answered, id)
			continue
		}
		if added = append(added, id); len(added) == 1000 {
			require.NoError(t, child.Process.Kill())
		}
	}
	assert.Error(t, child.Wait())

	s := open(t, path, many)
	for _, id := range added {
		d := get(t, s, id)
		assert.Equal(t, full().Body, d.Body)
	}
	for _, id := range answered {
		assert.Equal(t, fullAnswer(), get(t, s, id).Answer)
	}
	assert.GreaterOrEqual(t, len(added), 1000)
	assert.NotEmpty(t, answered)
}
