package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// seoul is what the tests want to be set.
var seoul = wanted{stack: "relay", region: "ap-northeast-2", overrides: []override{
	{name: "DiscordParameter", value: "/relay/discord/ops"}, {name: "Architecture", value: "arm64"},
}}

const seoulKeys = `stack_name = "relay"
region = "ap-northeast-2"
parameter_overrides = "DiscordParameter=/relay/discord/ops Architecture=arm64"
`

// additions are files, and what they are when they say what is wanted.
var additions = map[string]struct{ file, want string }{
	"an empty file": {"", "[default.global.parameters]\n" + seoulKeys},
	"no table for it": {
		"version = 0.1\n[default.build.parameters]\ncached = true # always",
		"version = 0.1\n[default.build.parameters]\ncached = true # always\n\n[default.global.parameters]\n" + seoulKeys,
	},
	"a table for it in the middle": {
		"# mine\nversion=0.1\n\n[default.global.parameters] # all\n\n[ default . deploy . \"parameters\" ]\nresolve_s3 = true\n",
		"# mine\nversion=0.1\n\n[default.global.parameters] # all\n" + seoulKeys + "\n[ default . deploy . \"parameters\" ]\nresolve_s3 = true\n",
	},
	"keys that are right already": {"[default.global.parameters]\n" + seoulKeys, "[default.global.parameters]\n" + seoulKeys},
	"deploy's keys go before the global ones": {
		"[default.deploy.parameters]\nregion = 'us-east-1' # old\n\n[default.global.parameters]\nregion = \"eu-west-1\"\nstack_name = \"relay\"\n",
		"[default.deploy.parameters]\nregion = \"ap-northeast-2\" # old\n\n[default.global.parameters]\nregion = \"eu-west-1\"\nstack_name = \"relay\"\n" +
			"parameter_overrides = \"DiscordParameter=/relay/discord/ops Architecture=arm64\"\n",
	},
	"a text of parameters": {
		"[default.deploy.parameters]\nparameter_overrides = \"Deployment=AllAtOnce Architecture=\\\"x86_64\\\" MoreParameters=/a,/b\" # see below\n",
		"[default.deploy.parameters]\nparameter_overrides = \"Deployment=AllAtOnce Architecture=arm64 MoreParameters=/a,/b DiscordParameter=/relay/discord/ops\" # see below\n" +
			"\n[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\n",
	},
	"a text in sam's older words": {
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = 'ParameterKey=Architecture,ParameterValue=x86_64'\n",
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = \"ParameterKey=Architecture,ParameterValue=arm64 DiscordParameter=/relay/discord/ops\"\n",
	},
	"a list of parameters": {
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = [\n    \"Architecture=x86_64\", # cheap\n    'Deployment=AllAtOnce', # as it is\n]\n",
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = [\n    \"Architecture=arm64\", # cheap\n    'Deployment=AllAtOnce',\n    \"DiscordParameter=/relay/discord/ops\", # as it is\n]\n",
	},
	"a list in one line": {
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = ['A=1']\n",
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = ['A=1', \"DiscordParameter=/relay/discord/ops\", \"Architecture=arm64\"]\n",
	},
	"an empty list": {
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = []\n",
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\nparameter_overrides = [\"DiscordParameter=/relay/discord/ops\", \"Architecture=arm64\"]\n",
	},
	"another environment and dotted keys": {
		"[prod.global.parameters]\nregion = \"us-east-1\"\n[default.global]\nparameters.region = \"us-east-1\"\nparameters.stack_name = \"relay\"\n[default.deploy.parameters]\nparameter_overrides = \"\"\n",
		"[prod.global.parameters]\nregion = \"us-east-1\"\n[default.global]\nparameters.region = \"ap-northeast-2\"\nparameters.stack_name = \"relay\"\n[default.deploy.parameters]\nparameter_overrides = \"DiscordParameter=/relay/discord/ops Architecture=arm64\"\n",
	},
	"line ends of Windows": {
		"version = 0.1\r\n[default.global.parameters]\r\nstack_name = \"relay\"\r\n",
		"version = 0.1\r\n[default.global.parameters]\r\nstack_name = \"relay\"\r\nregion = \"ap-northeast-2\"\r\nparameter_overrides = \"DiscordParameter=/relay/discord/ops Architecture=arm64\"\r\n",
	},
	"a table of parameters that are right": {
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\n[default.deploy.parameters.parameter_overrides]\nDiscordParameter = \"/relay/discord/ops\"\nArchitecture = \"arm64\"\n",
		"[default.global.parameters]\nstack_name = \"relay\"\nregion = \"ap-northeast-2\"\n[default.deploy.parameters.parameter_overrides]\nDiscordParameter = \"/relay/discord/ops\"\nArchitecture = \"arm64\"\n",
	},
}

func TestWhatIsWantedIsAddedAndTheRestStays(t *testing.T) {
	for name, row := range additions {
		t.Run(name, func(t *testing.T) {
			c, err := readSamConfig(row.file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.with(seoul)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestWhatIsWrittenInOtherWaysIsNotTouched(t *testing.T) {
	for name, file := range map[string]string{
		"parameters in a file":              "[default.deploy.parameters]\nparameter_overrides = \"file://mine.yaml\"\n",
		"a table of parameters":             "[default.deploy.parameters.parameter_overrides]\nArchitecture = \"x86_64\"\n",
		"an inline table of parameters":     "[default.deploy.parameters]\nparameter_overrides = { Architecture = \"x86_64\" }\n",
		"a number for a name":               "[default.global.parameters]\nstack_name = 7\n",
		"everything in one inline table":    "default = { global = { parameters = { region = \"us-east-1\" } } }\n",
		"a table made by dotted keys":       "default.global.parameters.stack_name = \"relay\"\n",
		"a table made by its parent's keys": "[default]\nglobal.parameters.region = \"us-east-1\"\n",
		"an inline table of all parameters": "[default.global]\nparameters = { region = \"us-east-1\" }\n",
	} {
		c, err := readSamConfig(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if text, err := c.with(seoul); err != errUnderstood { //nolint:errorlint // the error itself is promised
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

func TestMistakesInSamconfigAreNamedWithTheirLine(t *testing.T) {
	for file, want := range map[string]string{
		"a = 1\n[b\n":           "samconfig.toml:2: this is not TOML: expected ']' to close table name",
		"a\n":                   "samconfig.toml:1: this is not TOML: expected '=' after key",
		"a = \"x\nb = 1":        "samconfig.toml:1: this is not TOML: basic strings cannot have new lines",
		"a = [1,\n2":            "samconfig.toml:2: this is not TOML: array is incomplete",
		"a = \"x\" y\n":         "samconfig.toml:1: this is not TOML: expected newline",
		"[a]\nb = 1\nb = 2\n":   "samconfig.toml:3: this is not TOML: key b is already defined",
		"[a]\n[b]\n[a]\n":       "samconfig.toml:3: this is not TOML: table a already exists",
		"\ufeffversion = 0.1\n": "samconfig.toml:1: the file begins with a byte order mark, which sam does not read either",
		"<<<<<<< HEAD\na = 1\n": "samconfig.toml:1: this is not TOML: invalid character at start of key",
		"x = 1\n\n{\"a\": 1}\n": "samconfig.toml:3: this is not TOML: invalid character at start of key",
	} {
		if _, err := readSamConfig(file); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", file, err, want)
		}
	}
}

func TestTextsOfEveryKindAreRead(t *testing.T) {
	for value, want := range map[string]string{
		`"a\tb \"c\" \\ \u00e9"`:       "a\tb \"c\" \\ é",
		`'a\tb "c"'`:                   `a\tb "c"`,
		`""`:                           "",
		"\"\"\"\nA=1 \\\n   B=2\"\"\"": "A=1 B=2",
		"'''\nA=1\nB='2''''":           "A=1\nB='2'",
		"\"\"\"say \"hi\\\"\"\"\"":     "say \"hi\"",
	} {
		c, err := readSamConfig("[default.global.parameters]\nregion = " + value + " # end\nx = 1")
		if err != nil || c.value("region") != want || len(c.keys) != 2 {
			t.Errorf("%s: %q, %d keys, %v", value, c.value("region"), len(c.keys), err)
		}
	}
}

func TestParametersAreReadAsSamDoes(t *testing.T) {
	c, err := readSamConfig(`[default.global.parameters]
parameter_overrides = ["A=1 B=\"two words\" C='x'", ["ParameterKey=D,ParameterValue=/a,/b"], 'E="" F=a\ b', "G="]
`)
	if err != nil {
		t.Fatal(err)
	}
	set, given := c.overrides()
	want := map[string]string{"A": "1", "B": "two words", "C": "x", "D": "/a,/b", "E": "", "F": "a b", "G": ""}
	if diff := cmp.Diff(want, set); diff != "" || !given {
		t.Errorf("given %v (-want +got):\n%s", given, diff)
	}
}

// Whatever a file says: what is wanted is there afterwards, a second time changes nothing, and no line is lost but those
// of the values.
func TestAnyFileIsChangedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{
			"# a comment", "", "version = 0.1", "[default.deploy.parameters]", "[default.global.parameters]", "[prod.deploy.parameters]",
			`region = "us-east-1"`, `stack_name = 'other'`, `parameter_overrides = "A=1 Architecture=x86_64"`, `parameter_overrides = ["A=1"]`,
			"tags = [\n \"a=b\", # c\n]", `s = """x` + "\n[not.a.table]\n" + `"""`, `[[a]]`, `"q" = {a = "]"}`,
		})
		lines := rapid.SliceOfNDistinct(line, 0, 12, func(l string) string { return l }).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		c, err := readSamConfig(text)
		if err != nil {
			if !strings.Contains(err.Error(), "key parameter_overrides is already defined") { // there are two such lines
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		once, err := c.with(seoul)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, err := readSamConfig(once)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.with(seoul); err != nil || twice != once {
			t.Errorf("%v\nonce:\n%s\ntwice:\n%s", err, once, twice)
		}
		for _, l := range diffLines(text, once) {
			if l.kind == lineGone && !strings.Contains(l.text, "=") && l.text != "" {
				t.Errorf("line %q is gone:\n%s", l.text, once)
			}
		}
	})
}

func FuzzSamConfig(f *testing.F) {
	f.Add("version = 0.1\n[default.global.parameters]\nregion = \"us-east-1\"\nparameter_overrides = [\"A=1\", 'B']\n")
	f.Add("a.\"b\" = \"\"\"x\\\n  y\"\"\" # c\r\n[[x]]\ny = { z = 1979-05-27, w = [1, [2]] }")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := readSamConfig(text)
		if err != nil {
			return
		}
		once, err := c.with(seoul)
		if err != nil {
			return
		}
		again, err := readSamConfig(once)
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, once)
		}
		if twice, err := again.with(seoul); err != nil || twice != once {
			t.Fatalf("%v\nonce:\n%q\ntwice:\n%q", err, once, twice)
		}
	})
}

// initsOwn tells whether a line of samconfig.toml is one that init writes: who tests may have run it in this folder.
func initsOwn(line string) bool {
	key, _, _ := strings.Cut(line, " ")
	return key == "stack_name" || key == "region" || key == "parameter_overrides" || line == "[default.global.parameters]"
}

func TestTheShippedSamconfigIsOnlyAddedTo(t *testing.T) {
	shipped, err := os.ReadFile(filepath.Join("..", "..", samConfigFile))
	if err != nil {
		t.Fatal(err)
	}
	c, err := readSamConfig(string(shipped))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.with(seoul)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range diffLines(string(shipped), text) {
		if l.kind != lineKept && l.text != "" && !initsOwn(l.text) {
			t.Errorf("line %q is new or gone", l.text)
		}
	}
}

func TestANewSamconfigSaysWhatTheShippedOneSays(t *testing.T) {
	shipped, err := os.ReadFile(filepath.Join("..", "..", samConfigFile))
	if err != nil {
		t.Fatal(err)
	}
	said := func(text string) map[string]string {
		t.Helper()
		c, err := readSamConfig(text)
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]string{}
		for _, k := range c.keys {
			if !initsOwn(k.path[strings.LastIndexByte(k.path, '.')+1:]) {
				values[k.path] = strings.TrimSpace(text[k.start:k.end])
			}
		}
		return values
	}
	if diff := cmp.Diff(said(string(shipped)), said(newSamConfig)); diff != "" {
		t.Errorf("-shipped +new:\n%s", diff)
	}
}
