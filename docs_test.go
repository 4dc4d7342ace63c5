package alarmrelay_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// guides are the pages whose links are checked besides.
var guides = []string{
	"docs/alerts.md", "docs/architecture.md", "docs/delivery.md", "docs/metrics.md", "docs/performance.md", "docs/store.md",
	"CONTRIBUTING.md", "CHANGELOG.md", "events/README.md",
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
