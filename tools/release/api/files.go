package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeTexts writes these files to the folder and deletes all others.
func writeTexts(folder string, files map[string]string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // readable, like every folder
			return err
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil { //nolint:gosec // readable, like every file
			return err
		}
	}
	return nil
}

// compareTexts returns an error unless the folder contains exactly these files.
func compareTexts(folder string, files map[string]string) error {
	var differences []error
	for name, content := range files {
		stored, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name))) //nolint:gosec // of the repository
		switch {
		case errors.Is(err, fs.ErrNotExist):
			differences = append(differences, fmt.Errorf("docs/api/%s is missing", name))
		case err != nil:
			return err
		case strings.ReplaceAll(string(stored), "\r\n", "\n") != content:
			differences = append(differences,
				fmt.Errorf("docs/api/%s is out of date%s", name, firstDifference(string(stored), content)))
		}
	}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if _, known := files[name]; err == nil && !entry.IsDir() && !known {
			differences = append(differences, fmt.Errorf("docs/api/%s describes no package", name))
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(differences) > 0 {
		differences = append(differences, errors.New("run: go run ./tools/release/api"))
	}
	return errors.Join(differences...)
}

// firstDifference shows the first line that differs.
func firstDifference(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range max(len(was), len(is)) {
		if at(was, i) != at(is, i) {
			return fmt.Sprintf(":%d\n\t-%s\n\t+%s", i+1, at(was, i), at(is, i))
		}
	}
	return ""
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
