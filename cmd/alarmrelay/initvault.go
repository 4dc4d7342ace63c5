package main

import (
	"context"
	"fmt"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/secret"
)

// vault is where the address is kept, as it was found.
type vault struct {
	left    bool // it is not looked at
	cfg     account.Config
	account string
	name    string // of the parameter
	key     string
	address secret.Value // that is to lie there
	held    account.Parameter
	found   bool
}

// look asks AWS for the account, and for what the parameter holds.
func (v *vault) look(ctx context.Context, a answers) (err error) {
	v.name = a.parameter
	if v.left {
		return nil
	}
	v.cfg.Region = a.region
	if v.account, err = account.CallerAccount(ctx, v.cfg); err != nil {
		return err
	}
	if v.held, v.found, err = account.ReadParameter(ctx, v.cfg, v.name); err != nil {
		return err
	}
	if v.found && !v.held.Secure {
		return fmt.Errorf("parameter %s is there and is no SecureString, and AWS can't make it one: delete it, or name another with --parameter", v.name)
	}
	return nil
}

// storing is what becomes of the parameter.
type storing string

// What may become of it.
const (
	storingNothing storing = "left alone"
	storingSame    storing = "unchanged"
	storingNew     storing = "new"
	storingOver    storing = "replaced"
)

func (v *vault) storing() storing {
	switch {
	case v.left:
		return storingNothing
	case !v.found:
		return storingNew
	case v.held.Value == v.address:
		return storingSame
	}
	return storingOver
}

// store makes the parameter hold the address.
func (v *vault) store(ctx context.Context) error {
	s := account.Secret{Name: v.name, Value: v.address, Key: v.key}
	switch v.storing() {
	case storingNew:
		return account.PutSecret(ctx, v.cfg, s, false)
	case storingOver:
		return account.PutSecret(ctx, v.cfg, s, true)
	}
	return nil
}

// will says in words what becomes of the parameter.
func (v *vault) will() string {
	switch v.storing() {
	case storingNew:
		return fmt.Sprintf("store the address as %s in account %s, %s", v.name, v.account, v.cfg.Region)
	case storingOver:
		return fmt.Sprintf("replace the other address that %s holds in account %s, %s (version %d)", v.name, v.account, v.cfg.Region, v.held.Version)
	case storingSame:
		return fmt.Sprintf("leave %s in account %s, %s, which holds this address already", v.name, v.account, v.cfg.Region)
	}
	return fmt.Sprintf("store nothing: %s has to be there before sam deploy", v.name)
}
