package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheTableEndsWithMediansAndWhatIsWrong(t *testing.T) {
	all := table{
		{Arch: "amd64", Setting: direct, Case: "sns-a", Answer: "null", Discord: 1, Slack: 1, Cold: 12.3, Warm: 1},
		{Arch: "amd64", Setting: direct, Case: "sns-b", Answer: "null", Cold: 10, Wrong: []string{"ops was sent nothing"}},
		{Arch: "amd64", Setting: direct, Case: "a dead webhook", Answer: `{"errorMessage":"x"}`, Cold: 900, Trouble: true},
		{Arch: "arm64", Setting: queued, Case: "sqs-c", Answer: noFailures, Slack: 2, Cold: 512.04},
	}
	want := `function                    case            answer                    Discord  Slack  cold ms  warm ms
amd64 alone                 sns-a           null                      1        1      12.3     1.0
amd64 alone                 sns-b           null                      0        0      10.0     -
amd64 alone                 a dead webhook  {"errorMessage":"x"}      0        0      900.0    -
arm64 with queue and table  sqs-c           {"batchItemFailures":[]}  0        2      512.0    -

amd64 alone: median of 2 cold 10.0 ms, of 1 warm 1.0 ms
arm64 with queue and table: median of 1 cold 512.0 ms, of 0 warm - ms
WRONG: amd64 alone, sns-b: ops was sent nothing
4 cases, 1 wrong
`
	var got bytes.Buffer
	if err := all.print(&got, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWrongUseIsRefused(t *testing.T) {
	for _, args := range [][]string{{"-arch", "sparc"}, {"-nonsense"}, {"more"}} {
		var said bytes.Buffer
		if code := run(t.Context(), args, &said, &said); code != 2 || said.Len() == 0 {
			t.Errorf("%q: %d, %s", args, code, &said)
		}
	}
}
