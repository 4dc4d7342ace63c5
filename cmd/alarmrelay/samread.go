package main

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// samText is a text in the file.
type samText struct {
	start, end int // with its quotes
	text       string
}

// readSamConfig finds the keys of a file in TOML, and reads those values that are texts.
func readSamConfig(text string) (samConfig, error) {
	if strings.HasPrefix(text, "\ufeff") {
		return samConfig{}, lineError(1, "the file begins with a byte order mark, which sam does not read either: save it as UTF-8 without one")
	}
	if err := toml.Unmarshal([]byte(text), &map[string]any{}); err != nil {
		line, wrong := 1, (*toml.DecodeError)(nil)
		if errors.As(err, &wrong) {
			line, _ = wrong.Position()
		}
		return samConfig{}, lineError(line, "this is not TOML: %s", strings.TrimPrefix(err.Error(), "toml: "))
	}
	r := samReader{samConfig: samConfig{text: text, tables: map[string]int{}}}
	r.parser.Reset([]byte(text))
	for r.parser.NextExpression() {
		r.read(r.parser.Expression())
	}
	return r.samConfig, r.parser.Error()
}

// samReader finds out where things stand, which a decoder does not tell.
type samReader struct {
	samConfig
	parser unstable.Parser
}

// read takes a table's header, or a key with its value.
func (r *samReader) read(n *unstable.Node) {
	path, end := pathOf(n)
	switch n.Kind {
	case unstable.Table:
		r.tail = path
	case unstable.ArrayTable: // an element's path is its own, and nobody asks for it
		r.tail = path + "[]"
	default:
		r.keys = append(r.keys, r.key(n, path, end))
		end = endOf(n.Raw)
	}
	if rest := strings.IndexByte(r.text[end:], '\n'); rest >= 0 {
		r.tables[r.tail] = end + rest + 1
	} else {
		r.tables[r.tail] = len(r.text)
	}
}

func (r *samReader) key(n *unstable.Node, path string, after int) samKey {
	k := samKey{path: path, table: r.tail, end: endOf(n.Raw), line: r.parser.Shape(n.Raw).Start.Line, list: n.Value().Kind == unstable.Array}
	if r.tail != "" {
		k.path = r.tail + "." + path
	}
	value := strings.TrimLeft(r.text[after:k.end], " \t")
	k.start = k.end - len(strings.TrimLeft(strings.TrimPrefix(value, "="), " \t"))
	if texts, textual := textsOf(n.Value()); textual {
		k.texts = append([]samText{}, texts...)
	}
	return k
}

// pathOf is the name of a table or a key, with dots, and where it ends.
func pathOf(n *unstable.Node) (path string, end int) {
	var names []string
	for key := n.Key(); key.Next(); {
		names = append(names, string(key.Node().Data))
		end = endOf(key.Node().Raw)
	}
	return strings.Join(names, "."), end
}

// textsOf returns the texts of a value; textual is true for a text, and for a list of texts and such lists.
func textsOf(n *unstable.Node) (texts []samText, textual bool) {
	switch n.Kind {
	case unstable.String:
		return []samText{{int(n.Raw.Offset), endOf(n.Raw), string(n.Data)}}, true
	case unstable.Array:
		textual = true
		for element := n.Children(); element.Next(); {
			more, all := textsOf(element.Node())
			texts, textual = append(texts, more...), textual && all
		}
	}
	return texts, textual
}

func endOf(r unstable.Range) int { return int(r.Offset) + int(r.Length) }
