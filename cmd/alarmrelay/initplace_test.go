package main

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// whileAsked lets somebody do something in the folder while the last question stands there.
func (n *newcomer) whileAsked(do func()) *testEnv {
	e := n.typing([]string{n.discordURL()}, strings.Repeat("\n", 7)+"y\n")
	done := false
	e.stderr = onWrite{&e.err, "Go on?", func() {
		if !done {
			do()
		}
		done = true
	}}
	return e
}

func TestAFileThatSomebodyChangesMeanwhileIsNotOverwritten(t *testing.T) {
	const theirs = "# theirs\n"
	for name, before := range map[string]string{"alarmrelay.yaml": "", "samconfig.toml": "version = 0.1\n"} {
		t.Run(name, func(t *testing.T) {
			n := newNewcomer(t)
			if before != "" {
				n.put(name, before)
			}
			e := n.whileAsked(func() { n.put(name, theirs) })
			want := name + " was changed meanwhile: run this again\n"
			if code := run(t.Context(), e.env); code != exitFailure || !strings.HasSuffix(e.err.String(), want) {
				t.Errorf("exit code %d: %s", code, e.err.String())
			}
			if diff := cmp.Diff(map[string]string{name: theirs}, n.files()); diff != "" || len(n.store.All()) > 0 {
				t.Errorf("%d parameters; files (-want +got):\n%s", len(n.store.All()), diff)
			}
		})
	}
}

func TestALinkStaysOneAndAFileKeepsItsPermissions(t *testing.T) {
	n := newNewcomer(t)
	there := filepath.Join(t.TempDir(), "mine.toml")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(there, filepath.Join(n.dir, "samconfig.toml")); err != nil {
		t.Fatal(err)
	}
	e := n.at("--service", "discord", "--webhook", "env:OPS")
	if code := run(t.Context(), e.env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, e.err.String())
	}
	link, err := os.Lstat(filepath.Join(n.dir, "samconfig.toml"))
	if err != nil || link.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link: %v, %v", link, err)
	}
	info, err := os.Stat(there)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

func TestALinkToNowhereIsLeftAlone(t *testing.T) {
	n := newNewcomer(t)
	path := filepath.Join(n.dir, "alarmrelay.yaml")
	if err := os.Symlink("nowhere/ops.yaml", path); err != nil {
		t.Fatal(err)
	}
	e := n.at("--service", "discord", "--webhook", "env:OPS", "--yes")
	want := "alarmrelay init: " + path + " is a link to a file that is not there: make that file, or take the link away\n"
	if code := run(t.Context(), e.env); code != exitFailure || e.err.String() != want {
		t.Errorf("exit code %d: %s", code, e.err.String())
	}
	if to, err := os.Readlink(path); err != nil || to != "nowhere/ops.yaml" || len(n.store.All()) > 0 {
		t.Errorf("link to %q, %v; %d parameters", to, err, len(n.store.All()))
	}
}

// Who interrupts while the address is on its way can't know whether it arrived.
func TestAnInterruptWhileTheAddressIsStoredSaysSo(t *testing.T) {
	n := newNewcomer(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lost := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".PutParameter") {
			cancel()
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		}
		n.ServeHTTP(w, r)
	})
	e := n.at("--service", "discord", "--webhook", "env:OPS")
	signIn := e.signIn
	e.signIn = func(ctx context.Context) (account.Config, error) {
		cfg, err := signIn(ctx)
		cfg.HTTPClient = &http.Client{Transport: fake.Transport{"ssm.ap-northeast-2.amazonaws.com": lost, "sts.ap-northeast-2.amazonaws.com": n}}
		return cfg, err
	}
	const want = "alarmrelay init: interrupted: context canceled; parameter /alarmrelay/discord/ops may be stored, and no file is written: run this again\n"
	if code := run(ctx, e.env); code != exitFailure || e.err.String() != want {
		t.Errorf("exit code %d: %s", code, e.err.String())
	}
	if diff := cmp.Diff(map[string]string{}, n.files()); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// An address that is kept under a longer name is one that sam deploy refuses.
func TestAParameterHasTheLengthThatTheTemplateTakes(t *testing.T) {
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Parameters map[string]struct {
			MaxLength int `yaml:"MaxLength"`
		} `yaml:"Parameters"`
	}
	if err := yaml.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{discordParameter, slackParameter} {
		if got := template.Parameters[name].MaxLength; got != maxParameter {
			t.Errorf("%s takes %d characters, init %d", name, got, maxParameter)
		}
	}
}
