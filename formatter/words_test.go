package formatter

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEveryLanguageHasEveryWord(t *testing.T) {
	en := reflect.ValueOf(*english())
	for name, w := range map[string]*words{"en": english(), "ko": korean()} {
		v := reflect.ValueOf(*w)
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s lacks %s", name, v.Type().Field(i).Name)
			}
			for j := range wordsWithin(v.Field(i)) {
				if v.Field(i).Field(j).IsZero() {
					t.Errorf("%s lacks %s", name, v.Field(i).Type().Field(j).Name)
				}
			}
			if v.Field(i).Kind() == reflect.Map && v.Type().Field(i).Name != "Labels" && v.Field(i).Len() != en.Field(i).Len() {
				t.Errorf("%s has %d of %d in %s", name, v.Field(i).Len(), en.Field(i).Len(), v.Type().Field(i).Name)
			}
		}
	}
}

// wordsWithin is how many words a field holds that is words itself.
func wordsWithin(v reflect.Value) int {
	if v.Kind() != reflect.Struct {
		return 0
	}
	return v.NumField()
}

// TestEveryLabelIsTranslated reads the labels out of the sources that use them:
// this package's, and the tables of package alert.
func TestEveryLabelIsTranslated(t *testing.T) {
	label := regexp.MustCompile(`(?:t\.(?:label|field|wide)\(|n\.add\(|Label: )"([A-Z][A-Za-z –]*)"|\{"([A-Z][A-Za-z –]*)", "(?:[^"]*\{|AWS/|ECS/|CWAgent)`)
	noTable := regexp.MustCompile(`_test\.go$|words_|units\.go|labels_`)
	files, _ := filepath.Glob("*.go")
	more, _ := filepath.Glob("../alert/*.go")
	used := map[string]bool{}
	for _, file := range append(files, more...) {
		if noTable.MatchString(file) {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range label.FindAllSubmatch(source, -1) {
			used[string(m[1])+string(m[2])] = true
		}
	}
	if len(used) < 60 {
		t.Fatalf("only %d labels found: the expression does not fit the sources any more", len(used))
	}
	known := korean().Labels
	for _, l := range slices.Sorted(maps.Keys(used)) {
		if known[l] == "" {
			t.Errorf("no Korean word for the label %q", l)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0:                              {"0 s", "0초"},
		45 * time.Second:               {"45 s", "45초"},
		90 * time.Second:               {"1 min 30 s", "1분 30초"},
		12*time.Minute + 9*time.Second: {"12 min", "12분"},
		3*time.Hour + 5*time.Minute:    {"3 h 5 min", "3시간 5분"},
		48 * time.Hour:                 {"2 d", "2일"},
		50*time.Hour + 59*time.Minute:  {"2 d 2 h", "2일 2시간"},
	} {
		if diff := cmp.Diff(want, [2]string{english().duration(d), korean().duration(d)}); diff != "" {
			t.Errorf("%v (-want +got):\n%s", d, diff)
		}
	}
}

func TestLocale(t *testing.T) {
	for locale, want := range map[string]string{"": "ALARM", "en-GB": "ALARM", "ko": "경보", "ko_KR": "경보", "KO-kr": "경보", "xx": "ALARM"} {
		if got := wordsFor(locale).Alarm; got != want {
			t.Errorf("locale %q says %q, want %q", locale, got, want)
		}
	}
}
