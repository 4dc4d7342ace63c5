package alert

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
)

// allForms returns every form of every table.
func allForms() []*form {
	var all []*form
	for i := range eventForms {
		all = append(all, &eventForms[i])
	}
	for i := range messageForms {
		all = append(all, &messageForms[i])
	}
	for i := range textForms {
		all = append(all, &textForms[i].form)
	}
	return all
}

func (f *form) title() string {
	return strings.Join([]string{f.service, string(f.kind), f.source, f.detailType, strings.Join(f.keys, "+"), f.value}, "|")
}

// paths lists what a form's templates refer to.
func (f *form) paths() []string {
	templates := []string{f.name, f.reason, f.status, f.about, f.change, f.at, f.owner, f.region, f.arn, f.level}
	for _, x := range f.fields {
		templates = append(templates, x.say)
	}
	for _, l := range f.links {
		templates = append(templates, l.URL)
	}
	var paths []string
	for _, rest := range templates {
		for {
			_, after, open := strings.Cut(rest, "{")
			if !open {
				break
			}
			path, behind, _ := strings.Cut(after, "}")
			paths = append(paths, strings.TrimSuffix(strings.TrimSuffix(path, ":last"), ":cents"))
			rest = behind
		}
	}
	return paths
}

func pack(raw []byte) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(raw) // a buffer takes everything
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// visit calls see for every form that fits something inside raw, however deep
// in envelopes, with the tree it reads.
func visit(raw []byte, from Origin, see func(*form, tree)) {
	o := readObject(bytes.TrimSpace(raw))
	if o == nil {
		if s := scalar(raw); bytes.HasPrefix(bytes.TrimSpace(raw), []byte(`"`)) {
			visit([]byte(s), from, see)
		}
		for _, row := range elements(raw) {
			visit(row, from, see)
		}
		visitText(string(raw), from, see)
		return
	}
	from.Subject = firstOf(o.str("Subject"), from.Subject)
	if said := readAttributes(o.find("MessageAttributes")); len(said) > 0 {
		from.Attributes = said
	}
	t := growTree(raw)
	for i := range eventForms {
		f := &eventForms[i]
		if detailType := firstOf(o.str("detail-type"), o.str("detailType")); o.str("source") == f.source && strings.HasPrefix(detailType, f.detailType) {
			visitRows(f, t, see)
			break
		}
	}
	for i := range messageForms {
		if f := &messageForms[i]; f.fits(o) {
			visitRows(f, t, see)
			break
		}
	}
	for _, key := range []string{"Records", "Sns", "Message", "body", "requestPayload"} {
		if inside := o.find(key); inside != nil {
			visit(inside, from, see)
		}
	}
}

func visitRows(f *form, t tree, see func(*form, tree)) {
	if f.each == "" {
		see(f, t)
		return
	}
	for _, row := range t.rows(f.each) {
		see(f, row)
	}
}

func visitText(s string, from Origin, see func(*form, tree)) {
	for i := range textForms {
		if f := &textForms[i]; f.is(s, from) {
			lines := f.split(s)
			attributes := map[string]any{}
			for k, v := range from.Attributes {
				attributes[k] = v
			}
			lines["attributes"] = attributes
			see(&f.form, tree{lines})
			return
		}
	}
}

func readAttributes(raw []byte) map[string]string {
	said := map[string]string{}
	for _, m := range readObject(raw) {
		said[m.key] = readObject(m.value).str("Value")
	}
	return said
}
