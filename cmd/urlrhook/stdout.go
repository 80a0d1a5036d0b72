package main

import (
	"io"
	"os"
	"sync/atomic"
)

// A checkedOutput is a file that remembers the first error. Commands print line by line, and most
// look at no error: a full disk must not pass for success all the same.
type checkedOutput struct {
	file   *os.File
	failed atomic.Pointer[error]
}

func (o *checkedOutput) Write(p []byte) (int, error) {
	n, err := o.file.Write(p)
	if err != nil {
		o.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// err returns the first error.
func (o *checkedOutput) err() error {
	if err := o.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// unchecked returns the file of a checkedOutput, for a command that goes on without its output.
func unchecked(w io.Writer) io.Writer {
	if o, ok := w.(*checkedOutput); ok {
		return o.file
	}
	return w
}

// fileOf returns the file that w writes to.
func fileOf(w io.Writer) (file *os.File, ok bool) {
	file, ok = unchecked(w).(*os.File)
	return file, ok
}
