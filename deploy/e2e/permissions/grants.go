package main

import (
	"fmt"
	"slices"
	"strings"
)

// granted is what the function's role may do, and what about the role can't be read as that. It is nil where there is no role to read.
func granted(s *stack) (grants grant, strange []string) {
	name := s.roleOf("RelayFunction")
	role := s.resource(name)
	if role.kind != "AWS::IAM::Role" {
		return nil, []string{"RelayFunction has no role of the template's own: then SAM makes one, whose policies of AWS's allow more"}
	}
	grants = grant{}
	for _, kind := range []string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"} {
		if s.has(kind) {
			strange = append(strange, "the template has a resource of type "+kind+": only what stands in the role itself is compared")
		}
	}
	properties, _ := s.value(role.properties).(map[string]any)
	if properties["ManagedPolicyArns"] != nil {
		strange = append(strange, name+" has policies that AWS manages: write out what of them is needed")
	}
	for _, policy := range s.objects(properties["Policies"]) {
		document, _ := policy["PolicyDocument"].(map[string]any)
		for _, statement := range s.objects(document["Statement"]) {
			strange = append(strange, grants.add(s, name, statement)...)
		}
	}
	return grants, strange
}

// add takes in a statement, and returns what of it can't be compared.
func (g grant) add(s *stack, role string, statement map[string]any) (strange []string) {
	sid := s.text(statement["Sid"])
	if sid == "" {
		strange = append(strange, "a statement of "+role+" has no Sid that says what it is for")
		sid = "a statement without a name"
	}
	for member := range statement {
		if !slices.Contains([]string{"Sid", "Effect", "Action", "Resource", "Condition"}, member) {
			strange = append(strange, fmt.Sprintf("%s has a member %s, which is not compared", sid, member))
		}
	}
	if s.text(statement["Effect"]) != "Allow" {
		return append(strange, sid+" allows nothing: what a role is denied is not compared")
	}
	condition := asText(statement["Condition"])
	for _, action := range s.texts(statement["Action"]) {
		for _, resource := range s.texts(statement["Resource"]) {
			if namesNothing(resource) {
				continue
			}
			p := permission{action, resource, condition}
			if !slices.Contains(g[p], sid) {
				g[p] = append(g[p], sid)
			}
		}
	}
	return strange
}

// namesNothing reports whether an ARN is what the template's lists have where they are shorter than they may be: that of a parameter
// or a secret without a name.
func namesNothing(resource string) bool {
	for _, end := range []string{":parameter", ":parameter" + secretsPath, ":secret:-??????"} {
		if strings.HasPrefix(resource, "arn:") && strings.HasSuffix(resource, end) {
			return true
		}
	}
	return false
}
