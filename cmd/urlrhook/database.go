package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const defaultKeep = 10_000

// databaseFlag is the file that listen writes and the others read.
func databaseFlag() cli.Flag {
	return &cli.StringFlag{
		Name:  "db",
		Usage: "`FILE` with the deliveries, or :memory: (default: deliveries.db in the user's state directory)",
	}
}

// openDatabase opens the file of --db. keep is how many deliveries stay in it.
func openDatabase(cmd *cli.Command, keep int) (*store.Store, string, error) {
	path := cmd.String("db")
	if path == "" {
		directory, err := stateDirectory()
		if err != nil {
			return nil, "", fmt.Errorf("no state directory: %w; name a file with --db", err)
		}
		path = filepath.Join(directory, "urlrhook", "deliveries.db")
	}
	s, err := store.Open(path, keep)
	return s, path, err
}

// openRecorded opens a database that must be there.
func openRecorded(cmd *cli.Command) (*store.Store, error) {
	s, path, err := openDatabase(cmd, defaultKeep)
	if err != nil {
		return nil, err
	}
	if n, err := s.Count(context.Background(), store.Filter{}); err != nil || n == 0 {
		_ = s.Close() // nothing was written
		if err == nil {
			err = fmt.Errorf("there are no deliveries in %s: receive some with urlrhook listen", path)
		}
		return nil, err
	}
	return s, nil
}

// stateDirectory is where programs keep what they learn: XDG_STATE_HOME of the XDG Base Directory Specification, and what comes nearest to
// it elsewhere.
func stateDirectory() (string, error) {
	if directory := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(directory) {
		return directory, nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return os.UserConfigDir()
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state"), err
}
