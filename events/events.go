// Package events holds sample events: whole inputs of the Lambda function, as
// AWS hands them over, with invented accounts and names. README.md in this
// folder says of each what it is and what the relay does with it.
//
// It does not read or understand them; that is package alert.
package events

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

// Files are the sample events, each one JSON file at the top level.
//
//go:embed *.json
var Files embed.FS

const suffix = ".json"

// Names returns the names of all sample events, without ".json", sorted.
func Names() []string {
	entries, err := Files.ReadDir(".")
	if err != nil { // the root of an embedded file system can be read, always
		panic(err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), suffix))
	}
	slices.Sort(names)
	return names
}

// Read returns the sample event of that name, with or without ".json". For a
// name that is not there, the error lists the nearest ones.
func Read(name string) ([]byte, error) {
	name = strings.TrimSuffix(name, suffix)
	raw, err := Files.ReadFile(name + suffix)
	if err != nil {
		return nil, fmt.Errorf("no sample event %q: near it are %s", name, strings.Join(near(name, Names()), ", "))
	}
	return raw, nil
}
