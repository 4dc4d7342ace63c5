package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// plan is all that is to be done.
type plan struct {
	answers
	vault  vault
	config draft
	sam    draft
	leads  bool // alarmrelay.yaml leads to the parameter already

	mail        bool // the address for alarms is new
	dir         string
	command     string // how this command is called there
	usualRegion string // that commands work in who are told none
}

// newPlan drafts the files.
func newPlan(f initFlags, here place, v vault) (plan, error) {
	p := plan{answers: f.answers, vault: v, dir: here.dir, command: callOf(here.dir), usualRegion: here.usualRegion}
	p.leads = here.config.there && leadsThere(here.config.text, f.answers)
	p.config = draft{found: here.config, want: configText(f.answers)}
	p.config.left = here.config.there && (f.keep || p.leads)
	if _, err := rule.Parse(here.config.path, []byte(p.config.want)); err != nil && !p.config.left {
		return plan{}, fmt.Errorf("draft the configuration: %w", err)
	}
	sam := here.sam
	if !here.samFile.there {
		var err error
		if sam, err = readSamConfig(newSamConfig); err != nil {
			return plan{}, err
		}
	}
	set, _ := here.sam.overrides()
	p.mail = f.email != set["WatchEmail"]
	w := wanted{stack: f.stack, region: f.region, overrides: f.overrides(sam, p.config.left)}
	text, err := sam.with(w)
	if err != nil {
		return plan{}, fmt.Errorf("%s: %w: set there %s = %q, %s = %q and, in %s, %s", here.samFile.path, err,
			samStack, w.stack, samRegion, w.region, samOverrides, overrideText("", w.overrides))
	}
	p.sam = draft{found: here.samFile, want: text}
	return p, nil
}

// newSamConfig is the file where there is none, with what the project's own says; what init has asked for is added.
const newSamConfig = `# What sam build and sam deploy read.
version = 0.1

[default.build.parameters]
build_in_source = true

[default.validate.parameters]
lint = true

[default.deploy.parameters]
capabilities = "CAPABILITY_IAM"
resolve_s3 = true
confirm_changeset = true
fail_on_empty_changeset = false
tags = "Project=alarmrelay"

[default.global.parameters]
`

// overrides are the template's parameters: what the file says already stays, where no flag says otherwise. A parameter
// that an alarmrelay.yaml which is left alone may still need is not replaced: the new one is added to it.
func (f *initFlags) overrides(sam samConfig, configLeft bool) (want []override) {
	set, _ := sam.overrides()
	name := discordParameter
	if f.service == string(formatter.ServiceSlack) {
		name = slackParameter
	}
	value := f.parameter
	more := namesIn(set[moreParameters])
	switch {
	case slices.Contains(more, value) && set[name] != "":
		// it may be read already
	case configLeft && set[name] != "" && set[name] != value:
		want = append(want, override{name: moreParameters, value: strings.Join(append(more, value), ",")})
	default:
		want = append(want, override{name: name, value: value})
	}
	if f.email != "" {
		want = append(want, override{name: "WatchEmail", value: f.email})
	}
	if f.key != "" {
		want = append(want, override{name: "WebhookKeyArn", value: f.key})
	}
	architecture := cmp.Or(f.architecture, set["Architecture"], "arm64")
	return append(want, override{name: "Architecture", value: architecture})
}

// keeps tells whether an alarmrelay.yaml that is there, and says something else, is left alone.
func (e *env) keeps(ctx context.Context, f initFlags, here place) (bool, error) {
	want := configText(f.answers)
	if f.keep || f.yes || f.dryRun || !e.asking || !here.config.there || here.config.text == want || leadsThere(here.config.text, f.answers) {
		return f.keep, nil
	}
	fmt.Fprintf(e.stderr, "\n%s is there, and does not lead to %s. A new one would change this:\n%s", here.config.path, f.parameter, showDiff(here.config.text, want))
	replace, err := e.confirm(ctx, "Replace it? With n it stays, and you are told which line to add.", false)
	return !replace, err
}

// agree shows what is to be done, and returns nil when that may be.
func (e *env) agree(ctx context.Context, f initFlags, p plan) error {
	if !p.changes() || f.dryRun || f.yes && !e.asking {
		return nil
	}
	if !e.asking {
		return p.refusals(e)
	}
	fmt.Fprintf(e.stderr, "\nThis will\n")
	for _, what := range p.todo() {
		fmt.Fprintf(e.stderr, "- %s\n", inOneLine(what))
	}
	if p.sam.changes() && p.sam.there {
		fmt.Fprint(e.stderr, showDiff(p.sam.text, p.sam.want))
	}
	if f.yes {
		return nil
	}
	yes, err := e.confirm(ctx, "Go on?", !p.loses())
	if err == nil && !yes {
		err = errNothingDone
	}
	return err
}

// refusals are what can't be done without a terminal to ask on.
func (p *plan) refusals(e *env) error {
	var refused []string
	if p.vault.storing() == storingOver {
		refused = append(refused, fmt.Sprintf("parameter %s holds another address: say --yes to replace it, or name another with --parameter", p.vault.name))
	}
	if p.config.there && p.config.changes() {
		fmt.Fprint(e.stderr, p.config.path+":\n"+showDiff(p.config.text, p.config.want))
		refused = append(refused, p.config.path+" is there and says something else: say --yes to replace it, or --keep to leave it")
	}
	if p.sam.there && p.sam.loses() {
		fmt.Fprint(e.stderr, p.sam.path+":\n"+showDiff(p.sam.text, p.sam.want))
		refused = append(refused, p.sam.path+" is there and says something else: say --yes to change it")
	}
	if len(refused) > 0 {
		return misuse("%s", strings.Join(refused, "\n"))
	}
	return nil
}

// changes tells whether there is anything to do.
func (p *plan) changes() bool {
	s := p.vault.storing()
	return s == storingNew || s == storingOver || p.config.changes() || p.sam.changes()
}

// loses tells whether anything that is there will be gone.
func (p *plan) loses() bool {
	return p.vault.storing() == storingOver || p.config.loses() || p.sam.loses()
}

// todo says what will be done, a line for each.
func (p *plan) todo() []string {
	lines := []string{p.vault.will()}
	for _, d := range []draft{p.config, p.sam} {
		switch {
		case !d.changes():
			lines = append(lines, "leave "+d.path+" as it is")
		case d.there:
			lines = append(lines, "change "+d.path)
		default:
			lines = append(lines, "write "+d.path)
		}
	}
	return lines
}

// carryOut stores the address and then writes the files. Files that can't be written are found out before.
func (p *plan) carryOut(ctx context.Context) (err error) {
	var ready []prepared
	defer func() {
		for _, r := range ready {
			err = errors.Join(err, r.drop())
		}
	}()
	for _, d := range []draft{p.config, p.sam} {
		if !d.changes() {
			continue
		}
		r, err := prepare(d)
		if err != nil {
			return err
		}
		ready = append(ready, r)
	}
	if err := p.vault.store(ctx); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("%w; parameter %s may be stored, and no file is written: run this again", wordInterrupt(ctx, err), p.vault.name)
		}
		return err
	}
	for _, r := range ready {
		if err := r.settle(); err != nil {
			return fmt.Errorf("%w; parameter %s is stored: run this again", err, p.vault.name)
		}
	}
	return nil
}
