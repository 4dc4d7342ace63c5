package alarmrelay_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "alarmrelay"

// The floors below a package, from the facts up.
var (
	words = []string{"alert"}
	state = []string{"alert", "formatter"}
	rules = []string{"alert", "formatter", "relay/secret"}
	flow  = []string{"alert", "formatter", "relay/secret", "relay/rule", "relay/incident"}
	edges = append(slices.Clone(flow), "relay")
	wired = append(slices.Clone(edges), "relay/chat", "relay/cloud", "relay/setup")
	desk  = append(slices.Clone(wired), "relay/cloud/account", "relay/fake", "events")
)

// mayImport says which packages of this module a package's own code may
// import. Tests are free: they may use the fakes. A package without a row is refused.
var mayImport = map[string][]string{
	".": nil, // what lies at the root for people to find

	"alert":                       nil,
	"events":                      nil,
	"relay/secret":                nil,
	"formatter/phrase":            nil,
	"formatter":                   append(slices.Clone(words), "formatter/phrase"),
	"relay/incident":              state,
	"relay/incident/incidenttest": {"relay/incident"}, // for tests
	"relay/rule":                  rules,
	"relay":                       flow,
	"relay/chat":                  edges,
	"relay/cloud":                 edges,
	"relay/cloud/account":         append(slices.Clone(edges), "relay/cloud"),
	"relay/setup":                 append(slices.Clone(edges), "relay/chat"),
	"relay/fake":                  edges,
	"cmd/lambda":                  wired,
	"cmd/alarmrelay":              append(slices.Clone(desk), "cmd/alarmrelay/page"),
	"cmd/alarmrelay/page":         {"."},
	"deploy":                      desk, // and every package under it
}

// pure packages give the same bytes for the same input: no network, no files, no clock.
var pure = []string{"alert", "formatter/phrase", "formatter", "relay/rule", "relay/incident"}

// stdOnly packages have no dependencies outside the standard library.
var stdOnly = []string{".", "alert", "formatter/phrase", "relay/secret", "events", "cmd/alarmrelay/page"}

// impure are the imports that a pure package does without.
var impure = []string{"net", "net/http", "os", "os/exec", "os/signal", "os/user", "syscall"}

// clock holds what of package time looks at the clock or waits for it.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}

// owners are the only packages that may import a dependency or what lies under it.
var owners = map[string][]string{
	"github.com/aws/aws-sdk-go-v2":          {"relay/cloud", "relay/cloud/account"},
	"github.com/aws/smithy-go":              {"relay/cloud", "relay/cloud/account"},
	"github.com/aws/aws-lambda-go":          {"cmd/lambda", "deploy"}, // deploy/bench measures beside a hello world
	"github.com/spf13/cobra":                {"cmd/alarmrelay"},
	"text/template":                         {"cmd/alarmrelay", "deploy"},
	"html/template":                         {"cmd/alarmrelay", "deploy"},
	"github.com/charmbracelet/lipgloss":     {"cmd/alarmrelay"},
	"golang.org/x/term":                     {"cmd/alarmrelay"},
	"github.com/pelletier/go-toml":          {"cmd/alarmrelay"},
	"github.com/santhosh-tekuri/jsonschema": nil, // tests only, as the four below
	"github.com/chromedp":                   nil,
	"github.com/google/go-cmp":              nil,
	"github.com/rogpeppe/go-internal":       nil,
	"pgregory.net/rapid":                    nil,
}

// vagueFolders say nothing about what is in them.
var vagueFolders = []string{
	"common", "helper", "helpers", "internal", "manager", "misc", "models", "pkg", "types", "util", "utils",
}

// deadWeight must not be linked into the function. Templates call methods by
// name, which keeps the linker from dropping those nobody calls; net/rpc brings them along.
var deadWeight = []string{
	"text/template", "html/template", "net/rpc", "testing", "github.com/spf13/cobra",
	"github.com/charmbracelet/lipgloss", module + "/relay/fake", module + "/events", module + "/cmd/alarmrelay/page",
}

// breaches reads every Go file of a module and returns what breaks a rule, in
// order of the files, and the folders that hold code.
func breaches(root fs.FS) (found, seen []string, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if overlooked(name) {
				return fs.SkipDir
			}
			if slices.Contains(vagueFolders, path.Base(name)) {
				found = append(found, name+": a folder's name says what is in it")
			}
			return nil
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		code, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, code, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen = append(seen, path.Dir(name))
		for _, breach := range fileBreaches(path.Dir(name), file) {
			found = append(found, name+": "+breach)
		}
		return nil
	})
	return found, seen, err
}

// overlooked reports whether a folder is none of the module's code.
func overlooked(dir string) bool {
	base := path.Base(dir)
	return dir != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules" || dir == "build")
}

func fileBreaches(dir string, file *ast.File) (found []string) {
	if within(dir, "deploy") {
		dir = "deploy"
	}
	if _, placed := mayImport[dir]; !placed {
		return []string{fmt.Sprintf("package %s has no row in mayImport", dir)}
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return append(found, err.Error())
		}
		if spec.Name != nil && spec.Name.Name == "." {
			found = append(found, fmt.Sprintf("%s may not import %q as .", dir, imported))
		}
		if breach := importBreach(dir, imported); breach != "" {
			found = append(found, breach)
		}
	}
	if slices.Contains(pure, dir) {
		for _, name := range clockUses(file) {
			found = append(found, fmt.Sprintf("%s is pure and may not use time.%s", dir, name))
		}
	}
	return found
}

// importBreach says which rule one import breaks; it is empty for none.
func importBreach(dir, imported string) string {
	if ours, ok := strings.CutPrefix(imported+"/", module+"/"); ok {
		ours = cmp.Or(strings.TrimSuffix(ours, "/"), ".")
		if slices.Contains(mayImport[dir], ours) || dir == "deploy" && within(ours, "deploy") {
			return ""
		}
		return fmt.Sprintf("%s may not import %q", dir, imported)
	}
	if slices.Contains(pure, dir) && slices.Contains(impure, imported) {
		return fmt.Sprintf("%s is pure and may not import %q", dir, imported)
	}
	host, _, _ := strings.Cut(imported, "/")
	if slices.Contains(stdOnly, dir) && strings.Contains(host, ".") {
		return fmt.Sprintf("%s may import the standard library only, not %q", dir, imported)
	}
	for dependency, owning := range owners {
		if !within(imported, dependency) || slices.Contains(owning, dir) {
			continue
		}
		if owning == nil {
			return fmt.Sprintf("%q is for tests", imported)
		}
		return fmt.Sprintf("%q is for %s", imported, strings.Join(owning, ", "))
	}
	return ""
}

// clockUses returns which of [clock] a file mentions, called or not.
func clockUses(file *ast.File) (found []string) {
	local := ""
	for _, spec := range file.Imports {
		if spec.Path.Value == `"time"` {
			local = "time"
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if use, ok := node.(*ast.SelectorExpr); ok && slices.Contains(clock, use.Sel.Name) {
			if of, ok := use.X.(*ast.Ident); ok && of.Name == local {
				found = append(found, use.Sel.Name)
			}
		}
		return true
	})
	return found
}

// within reports whether a path is at or under another.
func within(name, top string) bool {
	return name == top || strings.HasPrefix(name, top+"/")
}
