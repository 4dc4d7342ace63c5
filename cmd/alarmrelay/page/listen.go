package page

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
)

const (
	// defaultPort is the first that is tried where nobody names an address, and tries is how many are.
	defaultPort = 8900
	tries       = 100
)

// CheckAddress returns what is wrong with an address to listen at, for people: it takes a host of this machine and a port, host:port.
func CheckAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return lacking(address)
	}
	if !IsLoopback(host) {
		return errors.New("the page is for this machine only; 127.0.0.1:8900 is such an address")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("a port is a number from 0 to 65535; 127.0.0.1:8900 is such an address")
	}
	return nil
}

// lacking says what an address lacks that is no host:port.
func lacking(address string) error {
	host := strings.Trim(address, "[]")
	if _, err := strconv.ParseUint(address, 10, 16); err == nil {
		return fmt.Errorf("the host is missing: 127.0.0.1:%s", address)
	}
	if IsLoopback(host) {
		return fmt.Errorf("the port is missing: %s", net.JoinHostPort(host, strconv.Itoa(defaultPort)))
	}
	return errors.New("a host of this machine and a port are needed; 127.0.0.1:8900 is such an address")
}

// Listen opens a port of loopback: the one that an address names, as [CheckAddress] wants it, or the first free one from
// 127.0.0.1:8900 on for an empty address. An address that others could reach is an error.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	if address != "" {
		if err := CheckAddress(address); err != nil {
			return nil, fmt.Errorf("address %s: %w", address, err)
		}
		return listen(ctx, address)
	}
	var failed error
	for port := defaultPort; port < defaultPort+tries; port++ {
		listener, err := listen(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return listener, nil
		}
		failed = err
	}
	return nil, failed
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken, perhaps by another demo: name another port, or none to get one that is free", address)
	case err != nil:
		return nil, fmt.Errorf("open a port on this machine: %w", err)
	}
	return listener, nil
}
