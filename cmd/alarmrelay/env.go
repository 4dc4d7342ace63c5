package main

import (
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

	secrets secret.Source
	account alarmLister
	signIn  func(context.Context) (account.Config, error)
}

func newEnv() *env {
	e := &env{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, now: time.Now,
		watching: term.IsTerminal(int(os.Stderr.Fd())),
		secrets:  cloud.NewSecrets(account.LoadConfig), account: awsAccount{}, signIn: account.SignIn,
	}
	e.asking = e.watching && term.IsTerminal(int(os.Stdin.Fd()))
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		e.width = columns
	}
	return e
}

// awsAccount is the account that the machine's AWS credentials lead to.
type awsAccount struct{}

func (awsAccount) Alarms(ctx context.Context) ([]account.Alarm, error) {
	cfg, err := account.LoadConfig(ctx)
	if err != nil {
		return nil, err
	}
	return account.ListAlarms(ctx, cfg)
}
