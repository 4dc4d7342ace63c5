package alert

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// tree is decoded JSON: map[string]any, []any, string, bool, [json.Number] or nil.
type tree struct{ value any }

// growTree decodes JSON and keeps numbers as they are written.
func growTree(raw []byte) tree {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return tree{}
	}
	return tree{v}
}

// at follows a path of keys and list positions, "detail.findings.0.Id"; "*"
// stands for every row of a list and gives the list of what is found.
func (t tree) at(path string) any {
	return follow(t.value, strings.Split(path, "."))
}

func follow(v any, steps []string) any {
	for i, step := range steps {
		switch here := v.(type) {
		case map[string]any:
			v = here[step]
		case []any:
			if step == "*" {
				var found []any
				for _, row := range here {
					if x := follow(row, steps[i+1:]); x != nil {
						found = append(found, x)
					}
				}
				return found
			}
			n, err := strconv.Atoi(step)
			if err != nil || n < 0 || n >= len(here) {
				return nil
			}
			v = here[n]
		default:
			return nil
		}
	}
	return v
}

// rows returns the trees in a list.
func (t tree) rows(path string) []tree {
	list, _ := t.at(path).([]any)
	out := make([]tree, len(list))
	for i, v := range list {
		out[i] = tree{v}
	}
	return out
}

// say fills a template: "{path}" is replaced by the text that stands there,
// "{path:last}" by what follows its last slash or colon, "{path:cents}" by the
// number with two decimals. Several templates may
// be given, separated by "||": the first all of whose paths lead to something
// is taken, and "" where there is none.
func (t tree) say(template string) string {
	for alternative := range strings.SplitSeq(template, "||") {
		if s, ok := t.fill(alternative); ok {
			return s
		}
	}
	return ""
}

func (t tree) fill(template string) (string, bool) {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(template, "{")
		b.WriteString(before)
		if !open {
			return b.String(), b.Len() > 0
		}
		path, after, _ := strings.Cut(rest, "}")
		path, last := strings.CutSuffix(path, ":last")
		path, cents := strings.CutSuffix(path, ":cents")
		s := words(t.at(path))
		if last {
			s = s[strings.LastIndexAny(s, "/:")+1:]
		}
		if n, ok := parseNumber(s); cents && ok {
			s = strconv.FormatFloat(n, 'f', 2, 64)
		}
		if s == "" {
			return "", false
		}
		b.WriteString(s)
		template = after
	}
}

// maxListed is how many rows of a list are written out.
const maxListed = 10

// words writes a value as text: scalars as they are, lists joined, objects not at all.
func words(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		var parts []string
		for _, row := range v {
			if s := words(row); s != "" {
				parts = append(parts, s)
			}
		}
		if more := len(parts) - maxListed; more > 0 {
			parts = append(parts[:maxListed], "+"+strconv.Itoa(more))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}
