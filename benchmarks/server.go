package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// serverEnv names the endpoint that this program is to serve.
const serverEnv = "URLR_BENCHMARKS_SERVER"

// runServer serves the named endpoint. For each line of standard input it prints the CPU time used
// so far, in microseconds. It exits when standard input is closed.
func runServer(name string) error {
	all := endpoints()
	i := slices.IndexFunc(all, func(e endpoint) bool { return e.name == name })
	if i < 0 {
		return fmt.Errorf("unknown endpoint %q", name)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	go func() {
		exitOn(reportCPUTime())
		os.Exit(0)
	}()
	return all[i].serve(listener)
}

func reportCPUTime() error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(cpuTime().Microseconds())
	}
	return lines.Err()
}

// A server is a process that serves an endpoint.
type server struct {
	addr    string
	process *exec.Cmd
	stdin   io.WriteCloser // the server exits when it is closed
	stdout  *bufio.Reader
}

func startServer(name string) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{process: exec.Command(program)}
	s.process.Env = append(os.Environ(), serverEnv+"="+name)
	s.process.Stderr = os.Stderr
	if s.stdin, err = s.process.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.stdout = bufio.NewReader(stdout)
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	if s.addr, err = s.line(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, errors.Join(err, s.stop()))
	}
	return s, nil
}

// cpu returns the CPU time the server has used since it started.
func (s *server) cpu() (time.Duration, error) {
	if _, err := s.stdin.Write([]byte("\n")); err != nil {
		return 0, err
	}
	line, err := s.line()
	if err != nil {
		return 0, err
	}
	microseconds, err := strconv.ParseInt(line, 10, 64)
	return time.Duration(microseconds) * time.Microsecond, err
}

func (s *server) line() (string, error) {
	line, err := s.stdout.ReadString('\n')
	return strings.TrimSpace(line), err
}

func (s *server) stop() error {
	return errors.Join(s.stdin.Close(), s.process.Wait())
}
