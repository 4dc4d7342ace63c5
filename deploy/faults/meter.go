package main

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
)

// meter adds up the metrics that the function writes among its log lines, and keeps
// what it says at a level above info.
type meter struct {
	mu     sync.Mutex
	sums   map[string]float64
	errors map[string]int // by message
	raw    io.Writer      // everything; may be nil
}

func newMeter(raw io.Writer) *meter {
	return &meter{sums: map[string]float64{}, errors: map[string]int{}, raw: raw}
}

// open returns where one process writes.
func (m *meter) open() io.Writer { return &outlet{meter: m} }

// outlet holds back what is no whole line yet.
type outlet struct {
	meter *meter
	part  []byte
}

func (o *outlet) Write(p []byte) (int, error) {
	o.part = append(o.part, p...)
	for {
		line, rest, whole := bytes.Cut(o.part, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		o.meter.read(line)
		o.part = rest
	}
}

func (m *meter) read(line []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.raw != nil {
		m.raw.Write(append(bytes.Clone(line), '\n')) //nolint:errcheck // a log for people
	}
	var said map[string]any
	if json.Unmarshal(line, &said) != nil {
		m.errors["a line that is no JSON"]++
		return
	}
	if said["_aws"] != nil {
		for name, value := range said {
			if n, ok := value.(float64); ok {
				m.sums[name] += n
			}
		}
		return
	}
	if level, _ := said["level"].(string); level == "ERROR" || level == "WARN" {
		message, _ := said["message"].(string)
		m.errors[level+" "+message]++
	}
}

// sum returns what a metric came to.
func (m *meter) sum(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return int(m.sums[name])
}
