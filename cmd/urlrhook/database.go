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

// databaseFlag names the file that listen writes and other commands read.
func databaseFlag(usage string) cli.Flag {
	return &cli.StringFlag{
		Name: "db", Usage: usage, DefaultText: "urlrhook/deliveries.db in your state directory",
	}
}

// databasePath returns the file that --db names.
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

// openRecorded opens an existing database.
func openRecorded(cmd *cli.Command) (*store.Store, error) {
	path, err := recordedPath(cmd)
	if err != nil {
		return nil, err
	}
	return store.Open(path, defaultKeep)
}

// openToRead opens an existing database, and writes nothing to it.
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

// stateDirectory returns XDG_STATE_HOME of the XDG Base Directory Specification, or the nearest
// equivalent on other systems.
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
