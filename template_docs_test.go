package alarmrelay_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// template is what the documentation says of template.yaml.
type template struct {
	Parameters map[string]struct {
		Default string `yaml:"Default"`
	} `yaml:"Parameters"`
	Resources map[string]struct {
		Type string `yaml:"Type"`
	} `yaml:"Resources"`
	Outputs map[string]any `yaml:"Outputs"`
}

func readTemplate(t *testing.T) (read template) {
	t.Helper()
	if err := yaml.Load([]byte(readText(t, "template.yaml")), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Parameters) == 0 || len(read.Resources) == 0 || len(read.Outputs) == 0 {
		t.Fatal("template.yaml has no parameters, resources or outputs")
	}
	return read
}

func TestTheREADMETellsOfEveryParameterAndOutputOfTheTemplate(t *testing.T) {
	deployed, p := readTemplate(t), readPage(t, readmes[0])
	named := p.words(slices.Index(p.headings, "Parameters and outputs"))
	want := slices.Concat(slices.Collect(maps.Keys(deployed.Parameters)), slices.Collect(maps.Keys(deployed.Outputs)))
	slices.Sort(want)
	slices.Sort(named)
	if diff := cmp.Diff(want, named); diff != "" {
		t.Errorf("parameters and outputs (-template +%s):\n%s", readmes[0], diff)
	}
	for _, row := range p.tables["Parameters and outputs"] {
		for _, name := range quoted(row[0]) {
			if value := deployed.Parameters[name].Default; value != "" && !slices.Equal(quoted(row[2]), []string{value}) {
				t.Errorf("the default of %s is %s, and %s says%s", name, value, readmes[0], row[2])
			}
		}
	}
}

func TestOperationsTellsWhatEveryAlarmOfTheTemplateMeans(t *testing.T) {
	var want []string
	for name, resource := range readTemplate(t).Resources {
		if resource.Type == "AWS::CloudWatch::Alarm" {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	p := readPage(t, "docs/operations.md")
	got := slices.Sorted(slices.Values(p.words(slices.Index(p.headings, "What the relay's own alarms mean"))))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms (-template +docs/operations.md):\n%s", diff)
	}
}
