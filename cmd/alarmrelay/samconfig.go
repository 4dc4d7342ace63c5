package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// samConfigFile is what sam reads its options from.
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
const samConfigFile = "samconfig.toml"

// The tables that sam deploy reads, and the keys that init writes. What stands under deploy goes before what is global.
const (
	samDeploy = "default.deploy.parameters"
	samGlobal = "default.global.parameters"

	samStack     = "stack_name"
	samRegion    = "region"
	samOverrides = "parameter_overrides"
)

// samConfig is such a file, of which only texts and lists of texts are understood.
type samConfig struct {
	text   string
	keys   []samKey
	tables map[string]int // where a key can be put at the end of a table
	tail   string         // the table that the file ends with
}

// samKey is one key with its value.
type samKey struct {
	path       string // with the table's: default.deploy.parameters.region
	table      string // whose header it stands below
	start, end int    // of its value
	line       int
	texts      []samText // its value; nil where it is neither a text nor a list of texts
	list       bool
}

// find returns the key as sam deploy sees it.
func (c samConfig) find(key string) (k samKey, ok bool) {
	for _, table := range []string{samDeploy, samGlobal} {
		if i := slices.IndexFunc(c.keys, func(k samKey) bool { return k.path == table+"."+key }); i >= 0 {
			return c.keys[i], true
		}
	}
	return samKey{}, false
}

// value returns a key's text, "" where there is none.
func (c samConfig) value(key string) string {
	if k, ok := c.find(key); ok && len(k.texts) == 1 && !k.list {
		return k.texts[0].text
	}
	return ""
}

// overrides returns the template's parameters that the file sets. given is false where it sets none, or in a form that
// is not understood here: in braces, or in another file.
func (c samConfig) overrides() (set map[string]string, given bool) {
	k, ok := c.find(samOverrides)
	if set = c.overrideTable(); !ok && len(set) > 0 {
		return set, true
	}
	if !ok || k.texts == nil {
		return nil, false
	}
	for _, t := range k.texts {
		if strings.HasPrefix(t.text, "file://") {
			return nil, false
		}
		for _, o := range overridesIn(t.text) {
			set[o.name] = o.value
		}
	}
	return set, true
}

// overrideTable returns what a table of that name sets, which sam takes as well.
func (c samConfig) overrideTable() map[string]string {
	set := map[string]string{}
	for _, table := range []string{samGlobal, samDeploy} {
		for _, k := range c.keys {
			if name, ok := strings.CutPrefix(k.path, table+"."+samOverrides+"."); ok && len(k.texts) == 1 && !k.list {
				set[name] = k.texts[0].text
			}
		}
	}
	return set
}

// wanted is a key and what it has to be; of parameter_overrides only those parameters that are named have to be so.
type wanted struct {
	stack, region string
	overrides     []override
}

// errUnderstood says that a file is better changed by hand.
var errUnderstood = errors.New("it is written in a way that this command does not change")

// with returns the file's text with what is wanted. All else stays as it is, byte for byte. Its error is errUnderstood
// where that can't be done.
func (c samConfig) with(w wanted) (string, error) {
	for _, k := range c.keys { // one that holds a whole table can't be added to
		if strings.HasPrefix(samDeploy+".", k.path+".") || strings.HasPrefix(samGlobal+".", k.path+".") {
			return "", errUnderstood
		}
	}
	e := samEdit{samConfig: c, newline: "\n"}
	if strings.Contains(c.text, "\r\n") {
		e.newline = "\r\n"
	}
	for _, o := range []struct{ key, value string }{{samStack, w.stack}, {samRegion, w.region}} {
		if err := e.set(o.key, o.value); err != nil {
			return "", err
		}
	}
	if err := e.override(w.overrides); err != nil {
		return "", err
	}
	if len(e.added) > 0 && c.dotted(samGlobal) {
		return "", errUnderstood
	}
	text := e.apply()
	return text, w.check(text)
}

// dotted tells whether a table is made by keys with dots in them: TOML takes no header for it any more.
// https://toml.io/en/v1.0.0#table
func (c samConfig) dotted(table string) bool {
	return slices.ContainsFunc(c.keys, func(k samKey) bool {
		return strings.HasPrefix(k.path, table+".") && !strings.HasPrefix(k.table+".", table+".")
	})
}

// check reads a text again: it must say what was wanted.
func (w wanted) check(text string) error {
	c, err := readSamConfig(text)
	if err != nil {
		return errUnderstood
	}
	set, _ := c.overrides()
	for _, o := range w.overrides {
		if set[o.name] != o.value {
			return errUnderstood
		}
	}
	if c.value(samStack) != w.stack || c.value(samRegion) != w.region {
		return errUnderstood
	}
	return nil
}

// samEdit collects changes to a file.
type samEdit struct {
	samConfig
	newline string
	changes []change
	added   []string // lines for the global table
}

// change replaces a piece of a text.
type change struct {
	start, end int
	text       string
}

// set makes a key be a text, where it stands or in the global table.
func (e *samEdit) set(key, value string) error {
	k, ok := e.find(key)
	switch {
	case !ok:
		e.added = append(e.added, key+" = "+tomlQuote(value))
	case len(k.texts) != 1 || k.list:
		return errUnderstood
	case k.texts[0].text != value:
		e.changes = append(e.changes, change{k.start, k.end, tomlQuote(value)})
	}
	return nil
}

// override sets parameters of the template beside those that are there.
func (e *samEdit) override(want []override) error {
	k, ok := e.find(samOverrides)
	if table := e.overrideTable(); !ok && len(table) > 0 {
		return nil // where that is not what is wanted, it is found out later
	}
	if !ok {
		e.added = append(e.added, samOverrides+" = "+tomlQuote(overrideText("", want)))
		return nil
	}
	if k.texts == nil {
		return errUnderstood
	}
	if !k.list {
		if text := overrideText(k.texts[0].text, want); text != k.texts[0].text {
			e.changes = append(e.changes, change{k.start, k.end, tomlQuote(text)})
		}
		return nil
	}
	var absent []override
	for _, o := range want {
		i := slices.IndexFunc(k.texts, func(t samText) bool { return has(t.text, o.name) })
		if i < 0 {
			absent = append(absent, o)
			continue
		}
		if text := overrideText(k.texts[i].text, []override{o}); text != k.texts[i].text {
			e.changes = append(e.changes, change{k.texts[i].start, k.texts[i].end, tomlQuote(text)})
		}
	}
	e.extend(k, absent)
	return nil
}

// extend adds elements to a list, each in a line of its own where the last one has one.
func (e *samEdit) extend(k samKey, more []override) {
	at, separator, text := k.start+1, "", ""
	if n := len(k.texts); n > 0 {
		last := k.texts[n-1]
		at, separator = last.end, ", "
		begin := strings.LastIndexByte(e.text[:last.start], '\n') + 1
		if indent := e.text[begin:last.start]; strings.TrimSpace(indent) == "" {
			separator = "," + e.newline + indent
		}
	}
	for _, o := range more {
		text += separator + tomlQuote(overrideText("", []override{o}))
		separator = cmp.Or(separator, ", ")
	}
	if text != "" {
		e.changes = append(e.changes, change{at, at, text})
	}
}

// apply returns the text with the changes.
func (e *samEdit) apply() string {
	text := e.text
	if len(e.added) > 0 {
		e.changes = append(e.changes, e.addition())
	}
	slices.SortStableFunc(e.changes, func(a, b change) int { return cmp.Compare(b.start, a.start) })
	for _, c := range e.changes {
		text = text[:c.start] + c.text + text[c.end:]
	}
	return text
}

// addition puts the lines at the end of the global table, which is made at the end of the file where there is none.
func (e *samEdit) addition() change {
	lines := strings.Join(e.added, e.newline) + e.newline
	at, there := e.tables[samGlobal]
	if !there {
		at = len(e.text)
		lines = "[" + samGlobal + "]" + e.newline + lines
		if e.text != "" {
			lines = e.newline + lines
		}
	}
	if at > 0 && e.text[at-1] != '\n' {
		lines = e.newline + lines
	}
	return change{at, at, lines}
}

// tomlQuote writes a text as TOML's basic string.
func tomlQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text) + `"`
}

// lineError is a place in the file that can't be read.
func lineError(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", samConfigFile, line, fmt.Sprintf(format, args...))
}
