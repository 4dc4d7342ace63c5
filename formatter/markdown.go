package formatter

import (
	"strings"
)

// markdown reads the little of Markdown that people write into an alarm's
// description. It becomes spans, so that each service writes it in its own way
// and nothing that stands there is markup any more: emphasis, code and lists
// stay, headings become bold, a link shows where it leads.
func markdown(s string) text {
	var t text
	lines := strings.Split(strings.TrimSpace(clean(strings.ReplaceAll(source(s), "\r\n", "\n"))), "\n")
	blank := false
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " ")
		if line == "" {
			blank = true
			continue
		}
		if len(t) > 0 {
			t = t.with(plain("\n"))
			if blank {
				t = t.with(plain("\n"))
			}
		}
		blank = false
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "```"); ok {
			body, last := fenced(lines, i, rest)
			if body != "" {
				t = t.with(fence(body))
			}
			i = last
			continue
		}
		t = append(t, markdownLine(line)...)
	}
	return t
}

// fenced returns the lines of a code block that begins at line i and the index
// of its last line. A block that nobody closed goes to the end.
func fenced(lines []string, i int, rest string) (body string, last int) {
	if inside, _, ok := strings.Cut(rest, "```"); ok {
		return inside, i
	}
	for last = i + 1; last < len(lines); last++ {
		if strings.HasPrefix(strings.TrimSpace(lines[last]), "```") {
			break
		}
	}
	return strings.Join(lines[i+1:min(last, len(lines))], "\n"), last
}

func markdownLine(line string) text {
	body := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(body)]
	if title := strings.TrimLeft(body, "#"); len(title) < len(body) && len(body)-len(title) <= 6 && strings.HasPrefix(title, " ") {
		return merged(inline(strings.TrimSpace(title), faceBold))
	}
	for _, bullet := range [...]string{"- ", "* ", "+ "} {
		if item, ok := strings.CutPrefix(body, bullet); ok {
			return append(say(plain(indent+"• ")), merged(inline(item, facePlain))...)
		}
	}
	return append(say(plain(indent)), merged(inline(body, facePlain))...)
}

// merged joins neighbours of one face, which need no markup between them.
func merged(t text) text {
	var out text
	for _, s := range t {
		if last := len(out) - 1; last >= 0 && out[last].face == s.face && s.face <= faceItalic {
			out[last].text += s.text
			continue
		}
		out = append(out, s)
	}
	return out
}

// inline reads emphasis, code and links within a line; all else is text in the face given.
func inline(s string, as face) text {
	var t text
	start := 0
	for i := 0; i < len(s); {
		spans, n := markAt(s, i, as)
		if n == 0 {
			i++
			continue
		}
		if start < i {
			t = t.with(span{face: as, text: s[start:i]})
		}
		t = append(t, spans...)
		i += n
		start = i
	}
	if start < len(s) {
		t = t.with(span{face: as, text: s[start:]})
	}
	return t
}

// markAt reads the markup that begins at s[i]; n is 0 where there is none.
func markAt(s string, i int, as face) (t text, n int) {
	rest := s[i:]
	switch rest[0] {
	case '`':
		if inside, ok := enclosed(rest, "`"); ok {
			return say(code(inside)), len(inside) + 2
		}
	case '*', '_':
		return emphasis(s, i, as)
	case '[':
		return markdownLink(rest, as)
	case 'h':
		if i > 0 && isAlnum(s[i-1]) {
			return nil, 0
		}
		if n := addressLength(rest); n > 0 {
			return say(span{face: faceAddress, text: rest[:n]}), n
		}
	}
	return nil, 0
}

func emphasis(s string, i int, as face) (t text, n int) {
	if as != facePlain || i > 0 && isAlnum(s[i-1]) {
		return nil, 0
	}
	rest := s[i:]
	for _, m := range [...]struct {
		mark string
		face face
	}{{"**", faceBold}, {"__", faceBold}, {"*", faceItalic}, {"_", faceItalic}} {
		inside, ok := enclosed(rest, m.mark)
		if !ok {
			continue
		}
		n = len(inside) + 2*len(m.mark)
		if n < len(rest) && isAlnum(rest[n]) {
			continue // snake_case_names are no emphasis
		}
		return inline(inside, m.face), n
	}
	return nil, 0
}

// enclosed returns what stands between a mark at the beginning of s and the next one.
func enclosed(s, mark string) (inside string, ok bool) {
	if !strings.HasPrefix(s, mark) {
		return "", false
	}
	inside, _, ok = strings.Cut(s[len(mark):], mark)
	ok = ok && strings.TrimSpace(inside) == inside && strings.Trim(inside, mark[:1]) != ""
	return inside, ok && inside[0] != mark[0]
}

// markdownLink reads [label](address) and shows both: a label can lie.
func markdownLink(s string, as face) (t text, n int) {
	end := strings.Index(s, "](")
	if end < 0 {
		return nil, 0
	}
	label := s[1:end]
	target, _, ok := strings.Cut(s[end+2:], ")")
	if !ok || strings.ContainsAny(label, "[]\n") || strings.ContainsAny(target, " \n") {
		return nil, 0
	}
	n = end + 2 + len(target) + 1
	t = inline(label, as)
	if label == target {
		return t, n
	}
	t = t.with(span{face: as, text: " ("})
	if addressLength(target) == len(target) && target != "" {
		t = t.with(span{face: faceAddress, text: target})
	} else {
		t = t.with(span{face: as, text: target})
	}
	return t.with(span{face: as, text: ")"}), n
}

// addressLength returns how much of s, from its beginning, is an address that
// may be offered as a link: http or https, no credentials, not longer than
// [maxAddress], and only characters that no service takes for markup.
func addressLength(s string) int {
	host := strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	if len(host) == len(s) {
		return 0
	}
	n := 0
	for n < len(host) && n < maxAddress && (isAlnum(host[n]) || strings.IndexByte("-._~:/?#&=%+,;!$'*@", host[n]) >= 0) {
		n++
	}
	if n == maxAddress {
		return 0 // the rest of it would be missing
	}
	n = len(strings.TrimRight(host[:n], ".,:;!?'*_~"))
	name := host[:n]
	if end := strings.IndexAny(name, "/?#"); end >= 0 {
		name = name[:end]
	}
	if strings.ContainsAny(host[:n], "@") || !strings.Contains(strings.Trim(name, ".:"), ".") {
		return 0
	}
	return len(s) - len(host) + n
}
