package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"
)

// town is everything there is: the chat, the AWS, the user's desk, and what was deployed.
type town struct {
	*chat
	*aws
	*desk
	outputs outputs
}

// prove sets everything up, lets the cases happen one after another, and takes everything down.
func prove(ctx context.Context, o options, progress, said io.Writer) (r report, err error) {
	folder, err := os.MkdirTemp("", "pipeline-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what is left lies in the system's temporary folder
	t := &town{}
	defer func() { t.close() }()
	steps := r.steps(progress)
	steps.do("tools", func() (err error) { t.desk, err = newDesk(ctx, folder, said); return err })
	steps.do("chat", func() (err error) { t.chat, err = openChat(folder); return err })
	steps.do("emulator", func() (err error) { t.aws, err = startAWS(ctx, folder, t.chat); return err })
	steps.do("init", func() error { t.settle(); return t.runInit(ctx) })
	steps.do("sam build", func() error { return t.build(ctx) })
	steps.do("sam deploy", func() error { return t.deploy(ctx) })
	updated := false
	for _, c := range chosen(o.only) {
		if c.updated && !updated {
			updated = true
			steps.do("update", func() error { return t.update(ctx) })
		}
		if steps.err != nil || !r.happen(ctx, progress, c, t) {
			break
		}
	}
	if o.keep && t.aws != nil {
		fmt.Fprintln(progress, t.howToLook())
		<-ctx.Done()
	}
	if steps.err != nil && t.aws != nil {
		return r, fmt.Errorf("%w\nthe emulator's last lines:\n%s", steps.err, t.lastWords(20))
	}
	return r, steps.err
}

// happen runs a case and notes what came of it. It returns whether the next one may follow.
func (r *report) happen(ctx context.Context, progress io.Writer, c trial, t *town) bool {
	fmt.Fprintf(progress, "%s: %s\n", c.name, c.says)
	began := time.Now()
	seen, err := c.run(t, ctx)
	res := result{Name: c.name, Seen: seen, Seconds: time.Since(began).Seconds()}
	if err != nil {
		res.Failure = err.Error()
		res.Account = t.account(context.WithoutCancel(ctx))
	}
	r.Cases = append(r.Cases, res)
	return err == nil && ctx.Err() == nil
}

// howToLook says how somebody gets at what was kept.
func (t *town) howToLook() string {
	return fmt.Sprintf("until you interrupt it, the AWS is at %s (root certificate %s, access key %s, region %s), and logs to %s",
		t.front.URL, t.root, accountID, region, t.log)
}

func (t *town) close() {
	if t.aws != nil {
		t.aws.close()
	}
	if t.chat != nil {
		t.chat.close()
	}
}
