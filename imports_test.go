// Package alarmrelay_test checks what no compiler does: which package may
// import which, who may read a clock, and what the function links.
// docs/architecture.md draws the same rules. It tests no behaviour.
package alarmrelay_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestImportsRunOneWay(t *testing.T) {
	got, seen, err := breaches(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string(nil), got); diff != "" {
		t.Errorf("import rules are broken (-want +got):\n%s", diff)
	}
	for _, dir := range []string{"alert", "formatter", "relay", "relay/rule", "relay/secret", "relay/chat", "cmd/lambda"} {
		if !slices.Contains(seen, dir) {
			t.Errorf("no code of %s was read: are the rules looking in the right place?", dir)
		}
	}
}

func TestTheFunctionLinksNothingOfTheDesk(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags=lambda.norpc", "./cmd/lambda")
	list.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0")
	out, err := list.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %v\n%s", err, failed.Stderr)
	} else if err != nil {
		t.Fatalf("go list: %v", err)
	}
	linked := strings.Fields(string(out))
	if !slices.Contains(linked, module+"/relay") {
		t.Errorf("cmd/lambda does not link the relay")
	}
	got := slices.DeleteFunc(linked, func(imported string) bool {
		return imported != module && !slices.ContainsFunc(deadWeight, func(weight string) bool { return within(imported, weight) })
	})
	if diff := cmp.Diff([]string{}, got); diff != "" {
		t.Errorf("cmd/lambda links what only the desk needs (-want +got):\n%s", diff)
	}
}

func TestImportRulesCatch(t *testing.T) {
	for name, row := range map[string]struct{ file, code, want string }{
		"the facts importing the words":          {"alert/a.go", `import "alarmrelay/formatter"`, `alert/a.go: alert may not import "alarmrelay/formatter"`},
		"the flow importing an edge":             {"relay/a.go", `import _ "alarmrelay/relay/chat"`, `relay/a.go: relay may not import "alarmrelay/relay/chat"`},
		"an edge importing another":              {"relay/chat/a.go", `import "alarmrelay/relay/cloud"`, `relay/chat/a.go: relay/chat may not import "alarmrelay/relay/cloud"`},
		"the function importing a fake":          {"cmd/lambda/a.go", `import "alarmrelay/relay/fake"`, `cmd/lambda/a.go: cmd/lambda may not import "alarmrelay/relay/fake"`},
		"a package nobody placed":                {"relay/later/a.go", ``, `relay/later/a.go: package relay/later has no row in mayImport`},
		"the root importing a floor":             {"a.go", `import "alarmrelay/alert"`, `a.go: . may not import "alarmrelay/alert"`},
		"the function importing the root":        {"cmd/lambda/a.go", `import "alarmrelay"`, `cmd/lambda/a.go: cmd/lambda may not import "alarmrelay"`},
		"a dependency in the facts":              {"alert/a.go", `import "go.yaml.in/yaml/v4"`, `alert/a.go: alert may import the standard library only, not "go.yaml.in/yaml/v4"`},
		"a dependency beside secrets":            {"relay/secret/a.go", `import "golang.org/x/sync"`, `relay/secret/a.go: relay/secret may import the standard library only, not "golang.org/x/sync"`},
		"the AWS SDK outside relay/cloud":        {"relay/a.go", `import "github.com/aws/aws-sdk-go-v2/service/ssm"`, `relay/a.go: "github.com/aws/aws-sdk-go-v2/service/ssm" is for relay/cloud, relay/cloud/account`},
		"Lambda's runtime outside cmd/lambda":    {"relay/a.go", `import "github.com/aws/aws-lambda-go/events"`, `relay/a.go: "github.com/aws/aws-lambda-go/events" is for cmd/lambda, deploy`},
		"cobra in the function":                  {"cmd/lambda/a.go", `import "github.com/spf13/cobra"`, `cmd/lambda/a.go: "github.com/spf13/cobra" is for cmd/alarmrelay`},
		"a test's dependency in code":            {"relay/a.go", `import "pgregory.net/rapid"`, `relay/a.go: "pgregory.net/rapid" is for tests`},
		"files in a pure package":                {"relay/incident/a.go", `import "os"`, `relay/incident/a.go: relay/incident is pure and may not import "os"`},
		"network in a pure package":              {"formatter/a.go", `import "net/http"`, `formatter/a.go: formatter is pure and may not import "net/http"`},
		"a clock in a pure package":              {"relay/rule/a.go", "import \"time\"\nvar at = time.Now()", `relay/rule/a.go: relay/rule is pure and may not use time.Now`},
		"a clock under another name":             {"alert/a.go", "import moment \"time\"\nvar now = moment.Since", `alert/a.go: alert is pure and may not use time.Since`},
		"a clock without its name":               {"alert/a.go", `import . "time"`, `alert/a.go: alert may not import "time" as .`},
		"a folder that says nothing":             {"relay/util/a.go", ``, `relay/util: a folder's name says what is in it`},
		"a template package in any floor's code": {"relay/a.go", `import "text/template"`, `relay/a.go: "text/template" is for cmd/alarmrelay, deploy`},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := breaches(tree(row.file, row.code))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(got, row.want) {
				t.Errorf("got %q, want it to hold %q", got, row.want)
			}
		})
	}
}

func TestImportRulesAllow(t *testing.T) {
	for name, row := range map[string]struct{ file, code string }{
		"the words importing the facts":          {"formatter/a.go", `import "alarmrelay/alert"`},
		"addresses in a pure package":            {"formatter/a.go", `import "net/url"`},
		"durations in a pure package":            {"relay/rule/a.go", "import \"time\"\nconst day = 24 * time.Hour"},
		"a clock in the flow":                    {"relay/a.go", "import \"time\"\nvar started = time.Now()"},
		"a test of the flow using a fake":        {"relay/a_test.go", `import "alarmrelay/relay/fake"`},
		"the page importing the root":            {"cmd/alarmrelay/page/a.go", `import "alarmrelay"`},
		"the command using a fake":               {"cmd/alarmrelay/a.go", `import "alarmrelay/relay/fake"`},
		"the SDK in relay/cloud":                 {"relay/cloud/a.go", `import "github.com/aws/aws-sdk-go-v2/config"`},
		"a package under deploy":                 {"deploy/bench/a.go", `import "alarmrelay/relay/fake"`},
		"anything in test data":                  {"relay/testdata/util/a.go", `import "os"`},
		"anything in a folder that Go overlooks": {".cache/types/a.go", `import "os"`},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := breaches(tree(row.file, row.code))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string(nil), got); diff != "" {
				t.Errorf("breaches (-want +got):\n%s", diff)
			}
		})
	}
}

func tree(file, code string) fs.FS {
	return fstest.MapFS{file: {Data: []byte("package invented\n" + code)}}
}
