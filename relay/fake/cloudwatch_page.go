package fake

import "strings"

// page is which part of a list is asked for.
type page struct {
	after string // the last one of the page before
	most  int
}

// tokenFor begins what is handed out for the next page, so that what is none is known.
const tokenFor = "after:"

// readPage reads MaxRecords and NextToken; why says what is wrong with them, and is empty for nothing.
func readPage(in map[string]any, ordinary, most int) (p page, code, why string) {
	p.most = ordinary
	if n, given := in["MaxRecords"].(float64); given {
		p.most = int(n)
	}
	if p.most < 1 || p.most > most {
		return p, "ValidationError", "MaxRecords is out of range."
	}
	if token, given := in["NextToken"]; given {
		text, _ := token.(string)
		after, ok := strings.CutPrefix(text, tokenFor)
		if !ok {
			return p, "InvalidNextToken", "The next token specified is invalid."
		}
		p.after = after
	}
	return p, "", ""
}

// nextPage is where the next page begins; empty after the last one.
type nextPage string

// of returns the page of a sorted list.
func (p page) of(sorted []string) (part []string, next nextPage) {
	for _, one := range sorted {
		if one <= p.after {
			continue
		}
		if len(part) == p.most {
			return part, nextPage(tokenFor + part[len(part)-1])
		}
		part = append(part, one)
	}
	return part, ""
}

// into adds the token to an answer that has one.
func (n nextPage) into(body map[string]any) map[string]any {
	if n != "" {
		body["NextToken"] = string(n)
	}
	return body
}
