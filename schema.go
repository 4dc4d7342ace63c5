// Package alarmrelay holds what lies at the root of the repository, where people and editors look for it, and the command needs too.
package alarmrelay

import _ "embed"

// Schema is the JSON schema of a configuration, which is checked against it by editors and not by the relay. Nobody changes it.
//
//go:embed alarmrelay.schema.json
var Schema []byte
