package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The template's parameter and the program have to be for one processor, or nothing runs.
func TestTheBuildIsForTheProcessorThatIsDeployed(t *testing.T) {
	const overrides = "[default.deploy.parameters]\nparameter_overrides = "
	tests := map[string]struct{ samconfig, arch, want string }{
		"nobody says anything":                 {"", "", "arm64"},
		"samconfig.toml says nothing":          {"version = 0.1\n" + overrides + `"DiscordParameter=/a"`, "", "arm64"},
		"samconfig.toml says x86_64":           {overrides + `"DiscordParameter=/a Architecture=x86_64"`, "", "amd64"},
		"as sam deploy --guided writes it":     {overrides + `"Architecture=\"x86_64\" MemorySize=\"128\""`, "", "amd64"},
		"as a list":                            {overrides + "[\n  \"DiscordParameter=/a\",\n  \"Architecture=x86_64\",\n]", "", "amd64"},
		"for all commands":                     {"[default.global.parameters]\nparameter_overrides = \"Architecture=x86_64\"", "", "amd64"},
		"a comment says nothing":               {overrides + "\"\"\n# Architecture=x86_64", "", "arm64"},
		"another environment says nothing":     {"[staging.deploy.parameters]\nparameter_overrides = \"Architecture=x86_64\"", "", "arm64"},
		"only ARCH says":                       {"", "amd64", "amd64"},
		"ARCH in AWS's word":                   {"", "x86_64", "amd64"},
		"both say the same":                    {overrides + `"Architecture=x86_64"`, "amd64", "amd64"},
		"they differ":                          {overrides + `"Architecture=arm64"`, "amd64", "alarmrelay: samconfig.toml deploys the function for arm64, and ARCH is amd64: change one of them"},
		"ARCH is none":                         {"", "sparc", "alarmrelay: unknown processor sparc: there are arm64 and amd64, which AWS calls x86_64"},
		"samconfig.toml has one that is none":  {overrides + `"Architecture=sparc"`, "", "alarmrelay: unknown processor sparc: there are arm64 and amd64, which AWS calls x86_64"},
		"another parameter with a longer name": {overrides + `"OtherArchitecture=x86_64"`, "", "arm64"},
	}
	script, err := os.ReadFile("../function")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, filepath.Join(folder, "deploy", "function"), script)
			if tt.samconfig != "" {
				write(t, filepath.Join(folder, "samconfig.toml"), []byte(tt.samconfig+"\n"))
			}
			ask := exec.CommandContext(t.Context(), "bash", filepath.Join(folder, "deploy", "function"), "architecture")
			ask.Env = append(os.Environ(), "ARCH="+tt.arch)
			said, err := ask.CombinedOutput()
			if got := strings.TrimSpace(string(said)); got != tt.want {
				t.Errorf("said %q, want %q", got, tt.want)
			}
			if refused := strings.HasPrefix(tt.want, "alarmrelay:"); refused != (err != nil) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
