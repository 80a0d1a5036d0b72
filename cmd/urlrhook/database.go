package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v3"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

const recordedFile = "Read the deliveries from `FILE`."

const defaultKeep = 10_000

// databaseFlag is the file that listen writes and the others read.
func databaseFlag(usage string) cli.Flag {
	return &cli.StringFlag{
		Name: "db", Usage: usage, DefaultText: "urlrhook/deliveries.db in your state directory",
	}
}

// databasePath is the file of --db.
func databasePath(cmd *cli.Command) (string, error) {
	if path := cmd.String("db"); path != "" {
		return path, nil
	}
	directory, err := stateDirectory()
	if err != nil {
		return "", fmt.Errorf("no state directory: %w; name a file with --db", err)
	}
	return filepath.Join(directory, "urlrhook", "deliveries.db"), nil
}

// openRecorded opens a database that must be there.
func openRecorded(cmd *cli.Command) (*store.Store, error) {
	path, err := recordedPath(cmd)
	if err != nil {
		return nil, err
	}
	return store.Open(path, defaultKeep)
}

// openToRead opens a database that must be there, and writes nothing to it.
func openToRead(cmd *cli.Command) (*store.Store, error) {
	path, err := recordedPath(cmd)
	if err != nil {
		return nil, err
	}
	return store.OpenToRead(path)
}

func recordedPath(cmd *cli.Command) (string, error) {
	path, err := databasePath(cmd)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%w: receive deliveries with urlrhook listen, or name another file with --db", err)
	}
	return path, nil
}

// stateDirectory is where programs keep what they learn: XDG_STATE_HOME of the XDG Base Directory
// Specification, and what comes nearest to it elsewhere.
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
