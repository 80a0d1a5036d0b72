package store

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// creating is held while a file is created. Closing a file drops all of this process's locks on it,
// including those that SQLite holds for another Store.
var creating sync.Mutex

// resolve follows symbolic links, because SQLite puts the log's files beside the file itself. It
// refuses a dangling link: SQLite would create the target readable by others.
func resolve(path string) (string, error) {
	if path == memory {
		return memory, nil
	}
	resolved, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return resolved, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "", errors.New("it is a symbolic link to a missing file: create that file, or choose another one")
	}
	return path, nil
}

// makeFile creates the file and its directory if they are missing: SQLite would create them
// readable by others.
func makeFile(path string) error {
	if path == memory {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	creating.Lock()
	defer creating.Unlock()
	const flags = os.O_RDWR | os.O_CREATE | os.O_EXCL
	file, err := os.OpenFile(path, flags, 0o600) //nolint:gosec // the path is the user's choice
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// keepPrivate hides an existing file from other users. SQLite creates the log's files with the same
// mode.
func keepPrivate(path string) error {
	if path == memory {
		return nil
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := hide(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func hide(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(path, 0o600)
}

// locate returns a path as a URL for the driver, which would take a "?" in a path for options.
func locate(path string) (string, error) {
	if path == memory {
		return memory, nil
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	path = "/" + strings.TrimPrefix(filepath.ToSlash(path), "/") // C:\x is /C:/x in a URL
	return (&url.URL{Scheme: "file", Path: path}).String(), nil
}
