package fake

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// kind is what a property holds.
type kind int

const (
	text     kind = iota + 1 // a string of min to max characters
	link                     // an address of http or https
	picture                  // a link, or attachment://name
	snow                     // an id in Discord's form
	integer                  // from min to max
	boolean                  //
	moment                   // a date and time
	word                     // one of words
	list                     // min to max times what of names
	object                   // what of names
	anything                 // taken and not looked at
)

// property is one row of a service's limits: what it takes under one name of one object.
type property struct {
	in    string // the object that has it
	name  string // its name; empty when the "object" is a bare value
	kind  kind
	min   int
	max   int      // 0 for no limit, but of integers
	of    string   // of list and object: which objects
	words []string // of word: the words; of list and object: the types they may have
	need  bool     // must be there
	from  string   // who says so
}

// shape is the table of a service and how it is read. An object whose name
// has no rows of its own is told apart by its property type: "block" is
// "block/section" for {"type":"section"}.
type shape struct {
	rows    map[string][]property
	trim    bool // texts lose their surrounding white space before they are counted
	lenient bool
}

func newShape(rows []property, trim, lenient bool) *shape {
	s := &shape{rows: map[string][]property{}, trim: trim, lenient: lenient}
	for _, p := range rows {
		s.rows[p.in] = append(s.rows[p.in], p)
	}
	return s
}

// refusal is one thing that is wrong, and where.
type refusal struct {
	path          []string
	code, message string
}

// String writes a refusal for people: embeds.0.title: BASE_TYPE_MAX_LENGTH: Must be ...
func (r refusal) String() string {
	return strings.Join(r.path, ".") + ": " + r.code + ": " + r.message
}

func (r refusal) at(path ...string) refusal {
	r.path = path
	return r
}

// check holds a decoded JSON value against the objects named: together they are what it may have.
// Texts inside v are trimmed in place where the service does so.
func (s *shape) check(v any, objects ...string) []refusal {
	w := &walk{shape: s}
	w.object(v, objects, nil)
	return w.found
}

type walk struct {
	*shape
	found []refusal
}

func (w *walk) refuse(path []string, r refusal) { w.found = append(w.found, r.at(path...)) }

func (w *walk) object(v any, objects []string, path []string) {
	members, ok := v.(map[string]any)
	if !ok {
		w.refuse(path, notAnObject)
		return
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		here := append(slices.Clip(path), name)
		p, known := w.find(objects, name)
		switch {
		case !known && w.lenient:
			delete(members, name)
		case !known:
			w.refuse(here, unknownProperty)
		case members[name] == nil && p.need:
			w.refuse(here, required)
		case members[name] != nil:
			members[name] = w.value(members[name], p, here)
		}
	}
	for _, o := range objects {
		for _, p := range w.rows[o] {
			if _, there := members[p.name]; p.need && !there {
				w.refuse(append(slices.Clip(path), p.name), required)
			}
		}
	}
}

func (w *walk) find(objects []string, name string) (property, bool) {
	for _, o := range objects {
		for _, p := range w.rows[o] {
			if p.name == name {
				return p, true
			}
		}
	}
	return property{}, false
}

// value checks one value and returns it as the service keeps it.
func (w *walk) value(v any, p property, path []string) any {
	switch p.kind {
	case list:
		items, ok := v.([]any)
		if !ok {
			w.refuse(path, notAList)
			return v
		}
		if r, wrong := p.length(len(items)); wrong {
			w.refuse(path, r)
		}
		for i := range items {
			items[i] = w.one(items[i], p, append(slices.Clip(path), itoa(i)))
		}
	case object:
		return w.one(v, p, path)
	case text, link, picture, moment:
		return w.text(v, p, path)
	case snow, integer, boolean, word:
		if r, wrong := w.scalar(v, p); wrong {
			w.refuse(path, r)
		}
	}
	return v
}

// one checks one object, or bare value, of the sort that p.of names.
func (w *walk) one(v any, p property, path []string) any {
	rows := w.rows[p.of]
	if len(rows) == 1 && rows[0].name == "" {
		return w.value(v, rows[0], path)
	}
	name := p.of
	if members, ok := v.(map[string]any); ok && len(rows) == 0 {
		kind := bare(members["type"])
		name += "/" + kind
		if len(w.rows[name]) == 0 || (len(p.words) > 0 && !slices.Contains(p.words, kind)) {
			w.refuse(append(slices.Clip(path), "type"), wrongType(w.types(p)))
			return v
		}
	}
	w.object(v, []string{name}, path)
	return v
}

// types lists what p.of may be.
func (w *walk) types(p property) []string {
	if len(p.words) > 0 {
		return p.words
	}
	var types []string
	for name := range w.rows {
		if kind, ok := strings.CutPrefix(name, p.of+"/"); ok {
			types = append(types, kind)
		}
	}
	sort.Strings(types)
	return types
}

func (w *walk) text(v any, p property, path []string) any {
	t, ok := v.(string)
	if !ok {
		w.refuse(path, notText)
		return v
	}
	if w.trim {
		t = strings.TrimSpace(t)
	}
	r, wrong := p.length(w.measure(t))
	if !wrong {
		switch p.kind {
		case link, picture:
			r, wrong = checkLink(t, p.kind == picture)
		case moment:
			r, wrong = checkMoment(t)
		}
	}
	if wrong {
		w.refuse(path, r)
	}
	return t
}

// measure counts a text's characters: UTF-16 units, or code points for the lenient.
func (s *shape) measure(t string) int {
	if s.lenient {
		return utf8.RuneCountInString(t)
	}
	units := 0
	for _, r := range t {
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return units
}

func (p property) length(n int) (refusal, bool) {
	switch {
	case p.min > 0 && p.max == 0 && n < p.min:
		return tooShort(p.min), true
	case p.min > 0 && p.max > 0 && (n < p.min || n > p.max):
		return badLength(p.min, p.max), true
	case p.max > 0 && n > p.max:
		return tooLong(p.max), true
	}
	return refusal{}, false
}

// bare writes a number or a string as the tables do.
func bare(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
