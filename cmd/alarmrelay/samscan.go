package main

import "strings"

// readSamConfig finds the keys of a file in TOML, and reads those values that are texts. https://toml.io/en/v1.0.0
func readSamConfig(text string) (samConfig, error) {
	if strings.HasPrefix(text, "\ufeff") {
		return samConfig{}, lineError(1, "the file begins with a byte order mark, which sam does not read either: save it as UTF-8 without one")
	}
	s := samScan{samConfig: samConfig{text: text, tables: map[string]int{}}}
	for {
		s.skip(true)
		if s.at == len(text) {
			return s.samConfig, nil
		}
		var err error
		if text[s.at] == '[' {
			err = s.header()
		} else {
			err = s.assignment()
		}
		if err != nil {
			return samConfig{}, err
		}
		if !s.endOfLine() {
			return samConfig{}, lineError(s.line(), "this is not TOML: something follows what the line says")
		}
		s.tables[s.tail] = s.at
	}
}

// samScan reads a file from the top.
type samScan struct {
	samConfig
	at int
}

func (s *samScan) line() int { return strings.Count(s.text[:s.at], "\n") + 1 }

// peek reports whether the rest begins so.
func (s *samScan) peek(start string) bool { return strings.HasPrefix(s.text[s.at:], start) }

// skip passes blanks, and, across lines, line breaks and comments.
func (s *samScan) skip(acrossLines bool) {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t' || acrossLines && (c == '\n' || c == '\r'):
			s.at++
		case c == '#' && acrossLines:
			s.comment()
		default:
			return
		}
	}
}

func (s *samScan) comment() {
	if end := strings.IndexByte(s.text[s.at:], '\n'); end >= 0 {
		s.at += end
	} else {
		s.at = len(s.text)
	}
}

// endOfLine passes blanks, a comment and the line break; false where anything else stands there.
func (s *samScan) endOfLine() bool {
	s.skip(false)
	if s.peek("#") {
		s.comment()
	}
	switch {
	case s.peek("\r\n"):
		s.at += 2
	case s.peek("\n"):
		s.at++
	default:
		return s.at == len(s.text)
	}
	return true
}

// header reads [a.b] or [[a.b]]; an element of the latter has a path of its own that nobody asks for.
func (s *samScan) header() error {
	open, end := "[", "]"
	if s.peek("[[") {
		open, end = "[[", "]]"
	}
	s.at += len(open)
	path, err := s.path()
	if err != nil {
		return err
	}
	if !s.peek(end) {
		return lineError(s.line(), "this is not TOML: a table's name ends with %s", end)
	}
	s.at += len(end)
	s.tail = path
	if open == "[[" {
		s.tail += "[]"
	}
	return nil
}

// path reads names between dots.
func (s *samScan) path() (string, error) {
	var names []string
	for {
		s.skip(false)
		start := s.at
		switch {
		case s.peek(`"`), s.peek(`'`):
			t, err := s.quoted()
			if err != nil {
				return "", err
			}
			names = append(names, t.text)
		default:
			for s.at < len(s.text) && isBare(s.text[s.at]) {
				s.at++
			}
			if s.at == start {
				return "", lineError(s.line(), "this is not TOML: a name is missing")
			}
			names = append(names, s.text[start:s.at])
		}
		s.skip(false)
		if !s.peek(".") {
			return strings.Join(names, "."), nil
		}
		s.at++
	}
}

func isBare(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// assignment reads key = value.
func (s *samScan) assignment() error {
	k := samKey{line: s.line(), table: s.tail}
	path, err := s.path()
	if err != nil {
		return err
	}
	if !s.peek("=") {
		return lineError(k.line, "this is not TOML: neither a table nor key = value")
	}
	s.at++
	s.skip(false)
	k.path = path
	if s.tail != "" {
		k.path = s.tail + "." + path
	}
	k.start, k.list = s.at, s.peek("[")
	texts, textual, err := s.value()
	if err != nil {
		return err
	}
	if k.end = s.at; textual {
		k.texts = append([]samText{}, texts...)
	}
	s.keys = append(s.keys, k)
	return nil
}

// value passes a value. textual is true for a text, and for a list of texts and such lists.
func (s *samScan) value() (texts []samText, textual bool, err error) {
	switch {
	case s.peek(`"`), s.peek(`'`):
		t, err := s.quoted()
		return []samText{t}, true, err
	case s.peek("["):
		return s.array()
	case s.peek("{"):
		return nil, false, s.inlineTable()
	}
	start := s.at
	for s.at < len(s.text) && !strings.ContainsRune(",]}#\r\n", rune(s.text[s.at])) {
		s.at++
	}
	if strings.TrimSpace(s.text[start:s.at]) == "" {
		return nil, false, lineError(s.line(), "this is not TOML: a value is missing")
	}
	return nil, false, nil
}

func (s *samScan) array() (texts []samText, textual bool, err error) {
	begin := s.line()
	s.at++
	textual = true
	for {
		s.skip(true)
		switch {
		case s.at == len(s.text):
			return nil, false, lineError(begin, "this is not TOML: the list that begins here has no end")
		case s.peek("]"):
			s.at++
			return texts, textual, nil
		case s.peek(","):
			s.at++
			continue
		}
		more, isText, err := s.value()
		if err != nil {
			return nil, false, err
		}
		texts, textual = append(texts, more...), textual && isText
	}
}

// inlineTable passes { a = 1 }, whose keys nobody asks for.
func (s *samScan) inlineTable() error {
	begin := s.line()
	s.at++
	for {
		s.skip(true)
		switch {
		case s.at == len(s.text):
			return lineError(begin, "this is not TOML: the table that begins here has no end")
		case s.peek("}"):
			s.at++
			return nil
		case s.peek(","):
			s.at++
			continue
		}
		if _, err := s.path(); err != nil {
			return err
		}
		if !s.peek("=") {
			return lineError(s.line(), "this is not TOML: neither a table nor key = value")
		}
		s.at++
		s.skip(true)
		if _, _, err := s.value(); err != nil {
			return err
		}
	}
}
