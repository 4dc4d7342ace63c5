package relay

import (
	"errors"
	"slices"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// shown is a posted message, as people see it.
type shown struct {
	*incident.Known[incident.Post]
	pages   []*page // of a digest
	changed bool    // to be saved
	lost    bool    // of a digest: some of its lines are
}

// page is a part of a digest's lines.
type page struct {
	*incident.Known[[]formatter.Line]
	changed bool
}

const (
	// pageLines is how many lines of a digest one item holds: 6 KB each at most, and a table takes 350 KB.
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
	pageLines = 50
	// orphans are how many pages may have been saved that their digest does not know of: those of the last edit.
	orphans = maxGathered/pageLines + 1
)

var (
	errNotKept  = errors.New("it is not known what the message shows")
	errLostPage = errors.New("a page of the digest is gone")
)

// look reads what messages show, as far as this session does not know it. What is not known stands under its message as nil.
func (s *session) look(at ...Ref) error {
	var ids []incident.ID
	var asked []Ref
	for _, ref := range at {
		ref = ref.Place()
		if _, ok := s.posts[ref]; ok || slices.Contains(asked, ref) {
			continue
		}
		asked = append(asked, ref)
		ids = append(ids, incident.PostID(s.name, ref))
	}
	if len(asked) == 0 {
		return nil
	}
	items, err := s.Store.Read(s.work, ids...)
	if err != nil {
		return err
	}
	for i, ref := range asked {
		post, err := incident.Read[incident.Post](items[i])
		if err != nil {
			return err
		}
		if post.Facts == nil {
			s.posts[ref] = nil
			continue
		}
		m := &shown{Known: post}
		if post.Is.Digest != nil {
			err := s.readLines(ref, m)
			if m.lost = errors.Is(err, errLostPage); err != nil && !m.lost {
				return err
			}
		}
		s.posts[ref] = m
	}
	return nil
}

// readLines reads the lines of a digest, and those of an edit whose outcome was saved in part.
func (s *session) readLines(at Ref, m *shown) error {
	d := m.Is.Digest
	var ids []incident.ID
	for n := range d.Pages + orphans {
		ids = append(ids, incident.PageID(s.name, at, n))
	}
	items, err := s.Store.Read(s.work, ids...)
	if err != nil {
		return err
	}
	for n, item := range items {
		lines, err := incident.Read[[]formatter.Line](item)
		switch {
		case err != nil:
			return err
		case item.Facts == nil && n < d.Pages:
			return errLostPage
		case item.Facts == nil:
			return nil
		}
		d.Pages = max(d.Pages, n+1)
		m.pages = append(m.pages, &page{Known: lines})
	}
	return nil
}

// shownAt returns what a message shows, to be changed; a new one where that is not known.
func (s *session) shownAt(at Ref) *shown {
	m := s.posts[at.Place()]
	if m == nil {
		m = &shown{Known: &incident.Known[incident.Post]{Item: incident.Item{ID: incident.PostID(s.name, at)}}}
		s.posts[at.Place()] = m
	}
	m.changed = true
	return m
}

// lines are those of a digest.
func (m *shown) lines() (all []formatter.Line) {
	for _, p := range m.pages {
		all = append(all, p.Is...)
	}
	return all
}

// put puts lines into a digest. That of an alarm takes the place of the one that says what the alarm was before: however often alarms
// change, their digest stays as large as it was.
func (m *shown) put(s *session, at Ref, lines []formatter.Line) {
	type where struct {
		*page
		line int
	}
	places := map[string]where{}
	for _, p := range m.pages {
		for i, line := range p.Is {
			places[line.Key] = where{p, i}
		}
	}
	for _, line := range lines {
		there, ok := places[line.Key]
		if ok && line.Replaces(&there.Is[there.line]) {
			there.Is[there.line], there.changed = line, true
			continue
		}
		p := m.lastPage(s, at)
		places[line.Key] = where{p, len(p.Is)}
		p.Is, p.changed = append(p.Is, line), true
	}
}

// lastPage is the one that has room for another line.
func (m *shown) lastPage(s *session, at Ref) *page {
	if n := len(m.pages); n > 0 && len(m.pages[n-1].Is) < pageLines {
		return m.pages[n-1]
	}
	p := &page{Known: &incident.Known[[]formatter.Line]{Item: incident.Item{ID: incident.PageID(s.name, at, len(m.pages))}}}
	m.pages = append(m.pages, p)
	m.Is.Digest.Pages = len(m.pages)
	return p
}

// renew has all of it saved once more; nothing of nil.
func (m *shown) renew() {
	if m == nil {
		return
	}
	m.changed = true
	for _, p := range m.pages {
		p.changed = true
	}
}

// unsaved are the items to be written; none of nil.
func (m *shown) unsaved(expires time.Time) (items []*incident.Item) {
	if m == nil || !m.changed {
		return nil
	}
	for _, p := range m.pages {
		if p.changed {
			items = append(items, p.Packed(expires))
		}
		p.changed = false
	}
	m.changed = false
	return append(items, m.Packed(expires))
}
