package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"alarmrelay/formatter"
)

// initReport is what init did, or would do.
type initReport struct {
	DryRun      bool              `json:"dry_run"`
	Service     formatter.Service `json:"service"`
	Destination string            `json:"destination"`
	Account     string            `json:"account,omitempty"`
	Region      string            `json:"region"`
	Stack       string            `json:"stack"`
	Parameter   string            `json:"parameter"`
	Stored      storing           `json:"stored"`
	Files       []initFile        `json:"files"`
	Add         string            `json:"add,omitempty"` // the line that alarmrelay.yaml lacks
	Next        []string          `json:"next"`          // the commands that are left
}

// initFile is what became of a file.
type initFile struct {
	Path   string `json:"path"`
	Change string `json:"change"` // written, changed, unchanged, left alone
}

func (p *plan) report(dryRun bool) initReport {
	r := initReport{
		DryRun: dryRun, Service: formatter.Service(p.service), Destination: p.name, Account: p.vault.account, Region: p.region,
		Stack: p.stack, Parameter: p.parameter, Stored: p.vault.storing(), Next: p.next(),
		Files: []initFile{{p.config.path, p.config.change()}, {p.sam.path, p.sam.change()}},
	}
	if p.config.left && !p.leads {
		r.Add = strings.TrimSpace(destinationLine(p.answers))
	}
	return r
}

// change is what becomes of the file, in a word.
func (d draft) change() string {
	switch {
	case d.left:
		return "left alone"
	case !d.there:
		return "written"
	case d.changes():
		return "changed"
	}
	return "unchanged"
}

// next are the commands that are left, as they have to be typed.
func (p *plan) next() (commands []string) {
	if p.dir != "." {
		commands = append(commands, "cd "+shellWord(p.dir))
	}
	test := p.command + " test-alarm"
	if p.stack != defaultStack {
		test += " --stack " + p.stack
	}
	if p.region != p.usualRegion {
		test = "AWS_REGION=" + p.region + " " + test
	}
	return append(commands, "sam build", "sam deploy", test)
}

// callOf is how this command is called in a folder: by its name where it is installed, else from its sources.
func callOf(dir string) string {
	const name = "alarmrelay"
	if _, err := exec.LookPath(name); err == nil {
		return name
	}
	if _, err := os.Stat(filepath.Join(dir, "cmd", name)); err == nil {
		return "go run ./cmd/" + name
	}
	return name
}

// shellWord quotes what a shell would take apart.
func shellWord(text string) string {
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// write tells people what was done, and what is left to do.
func (p *plan) write(w io.Writer, dryRun bool) error {
	var b strings.Builder
	mark := "✓"
	if dryRun {
		mark = "·"
		fmt.Fprintln(&b, "nothing is done; without --dry-run this would")
	}
	for _, line := range p.done(dryRun) {
		fmt.Fprintf(&b, "%s %s\n", mark, inOneLine(line))
	}
	if dryRun {
		for _, d := range []draft{p.config, p.sam} {
			if d.changes() {
				fmt.Fprintf(&b, "\n%s:\n%s", inOneLine(d.path), showDiff(d.text, d.want))
			}
		}
		_, err := io.WriteString(w, b.String())
		return err
	}
	if p.config.left && !p.leads {
		fmt.Fprintf(&b, "\nAdd this to %s, below destinations:, and name %s in the to: of a rule:\n\n%s\n", inOneLine(p.config.path), p.name, destinationLine(p.answers))
	}
	if p.vault.left {
		fmt.Fprintf(&b, "\nKeep the webhook's address as the SecureString %s before you deploy.\n", p.parameter)
	}
	next := p.next()
	last := len(next) - 1
	fmt.Fprintf(&b, "\nWhat is left:\n\n  %s\n\nThen see an alarm go all the way:\n\n  %s\n", strings.Join(next[:last], "\n  "), next[last])
	if p.mail {
		fmt.Fprintf(&b, "\nDuring the deployment AWS sends %s a mail with a link to confirm.\n", inOneLine(p.email))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// done says what was done, or, before it is, what would be.
func (p *plan) done(not bool) []string {
	if not {
		return p.todo()
	}
	where := fmt.Sprintf("%s in account %s, %s", p.parameter, p.vault.account, p.region)
	lines := []string{map[storing]string{
		storingNew:     "the webhook is alive; its address is stored as " + where,
		storingOver:    "the webhook is alive; its address replaces the one in " + where,
		storingSame:    "the webhook is alive; its address lies already in " + where,
		storingNothing: "nothing is stored; the function will read " + p.parameter,
	}[p.vault.storing()]}
	for _, d := range []draft{p.config, p.sam} {
		line := d.path + " is " + d.change()
		if d.left && p.leads {
			line += ": it leads to " + p.parameter
		}
		lines = append(lines, line)
	}
	return lines
}
