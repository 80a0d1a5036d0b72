//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// openTerminal opens a Linux pseudo-terminal of a given width. It returns the side that a person
// sees and the side that a program uses.
func openTerminal(t *testing.T, columns uint16) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = person.Close() })
	var number, unlocked int32
	control(t, person, syscall.TIOCGPTN, unsafe.Pointer(&number))
	control(t, person, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked))
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	size := [4]uint16{24, columns}
	control(t, program, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	return person, program
}

func control(t *testing.T, file *os.File, request uintptr, argument unsafe.Pointer) {
	t.Helper()
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(argument))
	require.Zero(t, errno, errno.Error())
}

// On a real terminal, listen draws a delivery in the width of the terminal when it arrives, and
// replaces it with the line with the answer.
func TestListenOnATerminal(t *testing.T) {
	person, program := openTerminal(t, 50)
	application := newSlowApplication(t)
	command := exec.Command(binary(t), listenArgs("--db", ":memory:", "--forward", application.URL)...)
	command.Env = append(os.Environ(), secretEnv+"="+testSecret, "TERM=xterm", "COLUMNS=", "NO_COLOR=1")
	command.Stdout, command.Stderr = program, program
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	require.NoError(t, program.Close())

	shown, read := &screen{}, make(chan bool)
	go func() {
		defer close(read)
		b := make([]byte, 4096)
		for {
			n, err := person.Read(b)
			_, _ = shown.Write(bytes.ReplaceAll(b[:n], []byte("\r\n"), []byte("\n")))
			if err != nil {
				return // EIO, once the program has ended
			}
		}
	}()
	shown.after(t, "Keeping in ") // a terminal can show half a line
	url := shown.after(t, "Receiving at ")
	sent := make(chan bool)
	go func() {
		deliver(t, url, testSecret, []byte(`{"event":"link_clicked","link":{"code":"a-code-that-is-much-too-long"}}`)) //nolint:testifylint // it fails the test after all
		close(sent)
	}()
	<-application.arrived
	shown.after(t, "#1     authentic (raw)   forwarded  a-…\n")
	application.release()
	<-sent
	shown.after(t, "\x1b[1A\x1b[J")
	shown.after(t, "200 in ")
	require.NoError(t, command.Process.Signal(os.Interrupt))
	require.NoError(t, command.Wait())
	<-read
	_, after, _ := strings.Cut(shown.String(), "\x1b[J")
	assert.Regexp(t, `^\d\d:\d\d:\d\d  #1     authentic \(raw\)   200 in \S+\n +a-code-that-is-much-too-long\n$`, after)
}
