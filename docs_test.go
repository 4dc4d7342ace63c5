package alarmrelay_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
)

// guides are the pages whose links are checked besides.
var guides = []string{
	"docs/alerts.md", "docs/architecture.md", "docs/cost.md", "docs/delivery.md", "docs/metrics.md", "docs/operations.md",
	"docs/performance.md", "docs/security.md", "docs/store.md",
	"CONTRIBUTING.md", "CHANGELOG.md", "events/README.md", "deploy/examples/README.md",
}

func TestLinksOfTheDocumentationLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range slices.Concat(guides, readmes) {
		for _, found := range link.FindAllStringSubmatch(readPage(t, name).prose, -1) {
			file, anchor, hasAnchor := strings.Cut(found[1], "#")
			if strings.HasPrefix(file, "https://") {
				continue
			}
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if hasAnchor && !slices.Contains(anchors(readPage(t, target)), anchor) {
				t.Errorf("%s: %s has no section #%s", name, target, anchor)
			}
		}
	}
}

func TestArchitectureNamesEveryPackageAndOnlyTestsThatExist(t *testing.T) {
	text := readText(t, "docs/architecture.md")
	_, packages, err := breaches(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range packages {
		if within(dir, "deploy") {
			dir = "deploy"
		}
		if !strings.Contains(text, "`"+dir+"`") {
			t.Errorf("docs/architecture.md has no row for %s", dir)
		}
	}
	tests := testNames(t)
	for _, name := range regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(text, -1) {
		if !slices.Contains(tests, name) {
			t.Errorf("docs/architecture.md names %s, which is no test", name)
		}
	}
}

func testNames(t *testing.T) (names []string) {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		for _, found := range declared.FindAllStringSubmatch(readText(t, name), -1) {
			names = append(names, found[1])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// commandLine is alarmrelay as a line of a block calls it, with its subcommand and the rest.
var commandLine = regexp.MustCompile(`(?m)^(?:go run \./cmd/)?alarmrelay ([a-z-]+)(.*)$`)

func TestCommandsOfTheDocumentationTakeTheirFlags(t *testing.T) {
	command, known := builtCommand(t), map[string][]string{}
	for _, name := range slices.Concat(guides, readmes) {
		for _, b := range readPage(t, name).blocks {
			if b.language != "sh" {
				continue
			}
			for _, line := range commandLine.FindAllStringSubmatch(b.text, -1) {
				if known[line[1]] == nil {
					known[line[1]] = flagsOf(t, command, line[1])
				}
				for word := range strings.FieldsSeq(line[2]) {
					if flag, _, _ := strings.Cut(word, "="); strings.HasPrefix(flag, "--") && !slices.Contains(known[line[1]], flag) {
						t.Errorf("%s: alarmrelay %s has no flag %s", name, line[1], flag)
					}
				}
			}
		}
	}
	if len(known) == 0 {
		t.Error("the documentation names no command")
	}
}

// flagsOf returns the flags that a subcommand's help lists; it fails the test where there is no such subcommand.
func flagsOf(t *testing.T, command, name string) []string {
	t.Helper()
	help, err := exec.CommandContext(t.Context(), command, name, "--help").CombinedOutput()
	if err != nil || !strings.Contains(string(help), "\n  alarmrelay "+name) {
		t.Fatalf("there is no command %s: %v\n%s", name, err, help)
	}
	return regexp.MustCompile(`--[a-z-]+\b`).FindAllString(string(help), -1)
}

func TestTheOrdersOfTheDocumentationAreTaken(t *testing.T) {
	written := regexp.MustCompile(`(?m)(?:^order|--payload) '(\{.+?\})'`)
	var kinds []relay.OrderKind
	for _, found := range written.FindAllStringSubmatch(readText(t, "docs/operations.md"), -1) {
		strict := json.NewDecoder(strings.NewReader(found[1]))
		strict.DisallowUnknownFields()
		var o relay.Order
		if err := strict.Decode(&o); err != nil {
			t.Errorf("%s: %v", found[1], err)
			continue
		}
		if _, err := o.Check(); err != nil {
			t.Errorf("%s: %v", found[1], err)
		}
		kinds = append(kinds, o.Do)
	}
	slices.Sort(kinds)
	want := []relay.OrderKind{relay.OrderAck, relay.OrderMute, relay.OrderMutes, relay.OrderTick, relay.OrderUnmute}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("orders that are shown (-want +got):\n%s", diff)
	}
}

// What a command prints stands behind the block that calls it.
func TestTheBillOfTheDocumentationIsWhatTheCommandPrints(t *testing.T) {
	command, blocks, shown := builtCommand(t), readPage(t, "docs/cost.md").blocks, 0
	for i, b := range blocks {
		arguments, ok := strings.CutPrefix(strings.TrimSpace(b.text), "alarmrelay cost ")
		if !ok || i+1 == len(blocks) || blocks[i+1].language != "text" {
			continue
		}
		shown++
		out, err := exec.CommandContext(t.Context(), command, append([]string{"cost"}, strings.Fields(arguments)...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("alarmrelay cost %s: %v\n%s", arguments, err, out)
		}
		if diff := cmp.Diff(string(out), blocks[i+1].text); diff != "" {
			t.Errorf("alarmrelay cost %s (-printed +shown):\n%s", arguments, diff)
		}
	}
	if shown == 0 {
		t.Error("docs/cost.md shows no bill")
	}
}

// builtCommand returns the path of the command, built from these sources.
func builtCommand(t *testing.T) string {
	t.Helper()
	command := filepath.Join(t.TempDir(), "alarmrelay")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", command, "./cmd/alarmrelay").CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, out)
	}
	return command
}
