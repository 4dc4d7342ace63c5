package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"alarmrelay/relay/cloud/account"
)

func TestRegions(t *testing.T) {
	missing, asked := errors.New("no such host"), ""
	for name, row := range map[string]struct {
		region string
		dns    error
		asked  string
		err    string
	}{
		"one that is known":          {region: "ap-northeast-2"},
		"one of a typing mistake":    {"ap-northeest-2", missing, "ssm.ap-northeest-2.amazonaws.com", "no AWS region is called ap-northeest-2, as far as can be seen from here; did you mean ap-northeast-2?"},
		"one that is new":            {region: "ap-southeast-9", asked: "ssm.ap-southeast-9.amazonaws.com"},
		"one that is new in China":   {region: "cn-south-1", asked: "ssm.cn-south-1.amazonaws.com.cn"},
		"one that is new in the EU":  {region: "eusc-fr-west-1", asked: "ssm.eusc-fr-west-1.amazonaws.eu"},
		"a zone":                     {region: "us-east-1a", err: "that is no AWS region: one reads ap-northeast-2; did you mean us-east-1?"},
		"a city":                     {region: "Seoul", err: "that is no AWS region: one reads ap-northeast-2"},
		"something that is no name":  {region: "https://discord.com/api/webhooks/1/x", err: "that is no AWS region: one reads ap-northeast-2"},
		"nothing":                    {region: "", err: "that is no AWS region: one reads ap-northeast-2"},
		"far from every known place": {"xx-nowhere-7", missing, "ssm.xx-nowhere-7.amazonaws.com", "no AWS region is called xx-nowhere-7, as far as can be seen from here"},
	} {
		t.Run(name, func(t *testing.T) {
			asked = ""
			err := account.CheckRegion(t.Context(), row.region, func(_ context.Context, host string) error {
				asked = host
				return row.dns
			})
			said := ""
			if err != nil {
				said = err.Error()
			}
			if said != row.err || asked != row.asked {
				t.Errorf("error %q, want %q; asked for %q, want %q", said, row.err, asked, row.asked)
			}
		})
	}
}

// The SDK's own list lies in a file that programs can't import.
func TestEveryRegionOfTheSDKIsKnown(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "endpoints", "awsrulesfn", "partitions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Partitions []struct{ Regions map[string]any }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, p := range file.Partitions {
		for name := range p.Regions {
			if strings.HasSuffix(name, "-global") {
				continue // the partition's own, where nothing runs
			}
			known++
			if err := account.CheckRegion(t.Context(), name, func(context.Context, string) error { return errors.New("not known") }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if known < 30 {
		t.Errorf("the SDK names %d regions only", known)
	}
}

func TestTheRegionOfTheEnvironmentIsTheDefault(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	for _, want := range []string{"", "sa-east-1"} {
		t.Setenv("AWS_REGION", want)
		if got := account.DefaultRegion(t.Context()); got != want {
			t.Errorf("region %q, want %q", got, want)
		}
	}
}
