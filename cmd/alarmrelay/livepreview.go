package main

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"alarmrelay/alert"
	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/setup"
)

// previewing is how long a preview may take.
const previewing = 20 * time.Second

// Preview implements [page.Show]: the event is told on a stage of its own.
func (l *live) Preview(ctx context.Context, e page.Event, text string) (page.Previewed, error) {
	l.previewed.Lock()
	defer l.previewed.Unlock()
	ctx, cancel := context.WithTimeout(ctx, previewing)
	defer cancel()
	l.mu.Lock()
	if text == "" {
		text = l.config.text
	}
	l.mu.Unlock()
	c, err := l.read(text)
	if err != nil {
		return page.Previewed{Problems: mistakesOf(err)}, nil
	}
	i, err := asked(e)
	if err != nil {
		return page.Previewed{}, err
	}
	now := time.Now()
	i, records := c.setting.arriving(i, now)
	s, err := openStage(ctx, c.bound, fake.Options{Unlimited: true})
	if err != nil {
		return page.Previewed{}, err
	}
	defer s.close()
	var last lastLine
	d := newDesk(setting{rules: c.bound, home: c.setting.home}, setup.Channels(s.destinations()), newNotes(&last, true), nil)
	d.relay.Graphs = s.graphs()
	for _, r := range records {
		s.measure(&r.Alert)
	}
	if !d.handle(ctx, i) {
		return page.Previewed{}, fmt.Errorf("not told: %s", last.text)
	}
	p := page.Previewed{Destinations: destinationsOf(c.bound), Mentions: newReader(c.bound).names, Alerts: c.setting.alertsOf(records, now)}
	var files map[string]page.File
	p.Messages, files = s.preview()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.files = files
	return p, nil
}

// alertsOf are what was parsed, as somebody reads them who wants to know why who is told.
func (s setting) alertsOf(records []alert.Record, now time.Time) (all []page.Alert) {
	for _, r := range records {
		if r.Err == nil && r.Skip == "" && len(all) < maxAlerts {
			all = append(all, told{r.Alert, now, s}.explained())
		}
	}
	return all
}

// explained is the alert for the page.
func (t told) explained() page.Alert {
	return page.Alert{
		Name: t.alert.Name, Key: t.alert.Key, Change: t.alert.Change, Explanation: t.setting.finding("", &t.alert, t.at),
	}
}

// preview is what the stage shows, with ids that no other message has.
func (s *stage) preview() (messages []page.Message, files map[string]page.File) {
	ids, files := map[string]string{}, map[string]page.File{}
	all, names := s.sightings(), newReader(s.rules)
	for n, m := range all {
		ids[m.key] = "preview-" + strconv.Itoa(n+1)
	}
	for _, m := range all {
		messages = append(messages, m.message(names, ids))
		maps.Copy(files, m.files(ids[m.key]))
	}
	return messages, files
}
