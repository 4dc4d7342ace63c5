package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"alarmrelay/relay/cloud"
	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/secret"
)

// env is all that a command has from outside.
type env struct {
	args           []string // without the command's own name
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time

	width    int  // of the terminal that stdout is, in columns; 0 when it is none
	watching bool // somebody looks at stderr
	asking   bool // and can answer on stdin

	lines  *bufio.Reader                         // over stdin, once questions have been asked
	hidden func(context.Context) (string, error) // a line from the terminal that it does not show

	browse  func(_ context.Context, address string) error // opens a page; nil where there is no browser
	secrets secret.Source
	account alarmLister
	signIn  func(context.Context) (account.Config, error)

	region    func(context.Context) string               // that the AWS configuration names; "" for none
	resolves  func(_ context.Context, host string) error // nil for a host that DNS knows
	localtime func() string                              // the file that the machine's time zone is read from; "" for none
}

func newEnv() *env {
	e := &env{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, now: time.Now, browse: browser(os.Getenv),
		watching: term.IsTerminal(int(os.Stderr.Fd())),
		secrets:  cloud.NewSecrets(account.LoadConfig), account: awsAccount{}, signIn: account.SignIn,
		hidden: func(ctx context.Context) (string, error) { return readHidden(ctx, os.Stdin) },
		region: account.DefaultRegion, resolves: account.Resolves, localtime: localtime,
	}
	e.asking = e.watching && term.IsTerminal(int(os.Stdin.Fd()))
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		e.width = columns
	}
	return e
}

// localtime reads where the machine's time zone is linked to, as Linux and macOS do.
func localtime() string {
	path, err := os.Readlink("/etc/localtime")
	if err != nil {
		return ""
	}
	return path
}

// awsAccount is the account that the machine's AWS credentials lead to.
type awsAccount struct{}

func (awsAccount) Alarms(ctx context.Context) (alarms []account.Alarm, region string, err error) {
	cfg, err := account.LoadConfig(ctx)
	if err != nil {
		return nil, "", err
	}
	alarms, err = account.ListAlarms(ctx, cfg)
	return alarms, cfg.Region, err
}
