package rule

import "slices"

import "alarmrelay/alert"

// subject is an alert as the matchers see it. A field that the alert lacks has
// no value, so that not even * fits it.
type subject struct {
	alert  *alert.Alert
	single [plainFields]string
	values [plainFields][]string
}

func newSubject(a *alert.Alert) *subject {
	s := &subject{alert: a}
	s.set(fieldAlarm, a.Name)
	s.set(fieldSubject, a.Origin.Subject)
	s.set(fieldTopic, a.Origin.Topic)
	s.set(fieldDetailType, a.Origin.DetailType)
	s.set(fieldSource, a.Origin.Source)
	s.set(fieldAccount, a.Account)
	s.set(fieldRegion, a.Region)
	s.set(fieldKind, string(a.Kind))
	s.set(fieldState, string(a.State))
	s.set(fieldDescription, a.Description)
	s.set(fieldSeverity, string(a.Severity))
	if a.Metric != nil {
		for i := range a.Metric.Queries {
			s.add(fieldMetric, a.Metric.Queries[i].Name)
			s.add(fieldNamespace, a.Metric.Queries[i].Namespace)
		}
	}
	return s
}

func (s *subject) set(f field, text string) {
	s.values[f] = nil
	s.add(f, text)
}

// add gives a field another value; the first one is kept without allocating.
func (s *subject) add(f field, text string) {
	switch {
	case text == "":
	case s.values[f] == nil:
		s.single[f] = text
		s.values[f] = s.single[f : f+1 : f+1]
	default:
		if slices.Contains(s.values[f], text) {
			return
		}
		s.values[f] = append(s.values[f], text)
	}
}

// valuesOf returns the values of a field, or of the dimension or tag that key names.
func (s *subject) valuesOf(f field, key string) (values []string) {
	switch f {
	case fieldTag:
		if value, ok := s.alert.Tags[key]; ok {
			return []string{value}
		}
		return nil
	case fieldDimension:
		return s.dimensions(key)
	}
	return s.values[f]
}

// dimensions looks at every metric of the alarm, and at the series that changed.
func (s *subject) dimensions(name string) (values []string) {
	if s.alert.Metric != nil {
		for i := range s.alert.Metric.Queries {
			for _, d := range s.alert.Metric.Queries[i].Dimensions {
				if d.Name == name {
					values = append(values, d.Value)
				}
			}
		}
	}
	if s.alert.Contributor != nil {
		if value, ok := s.alert.Contributor.Attributes[name]; ok {
			values = append(values, value)
		}
	}
	return values
}

// each calls see for every value of every field; key names the dimension or tag.
func (s *subject) each(see func(f field, key, value string)) {
	for f := range plainFields {
		for _, value := range s.values[f] {
			see(f, "", value)
		}
	}
	for key, value := range s.alert.Tags {
		see(fieldTag, key, value)
	}
	if s.alert.Metric != nil {
		for i := range s.alert.Metric.Queries {
			for _, d := range s.alert.Metric.Queries[i].Dimensions {
				see(fieldDimension, d.Name, d.Value)
			}
		}
	}
	if s.alert.Contributor != nil {
		for key, value := range s.alert.Contributor.Attributes {
			see(fieldDimension, key, value)
		}
	}
}
