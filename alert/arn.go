package alert

import "strings"

// location is where something lives.
type location struct{ partition, region, account string }

// splitARN reads arn:partition:service:region:account:resource. The resource may
// hold colons; ok is false for what is no ARN.
func splitARN(arn string) (at location, service, resource string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[1] == "" {
		return location{}, "", "", false
	}
	return location{partition: parts[1], region: code(parts[3]), account: accountID(parts[4])}, parts[2], parts[5], true
}

// alarmNameOf returns the name in an alarm's ARN, or the text itself where it is no ARN.
func alarmNameOf(arn string) string {
	if _, _, resource, ok := splitARN(arn); ok {
		return strings.TrimPrefix(resource, "alarm:")
	}
	return arn
}

// code returns a region code as it stands and nothing for what cannot be one:
// it ends up in addresses.
func code(region string) string {
	if region == "" || len(region) > 32 {
		return ""
	}
	for _, c := range []byte(region) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return ""
		}
	}
	return region
}

// accountID returns the twelve digits of an account and nothing for what is none.
func accountID(s string) string {
	if len(s) != 12 {
		return ""
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return s
}

// partitionOf tells a region's partition by its prefix.
func partitionOf(region string) string {
	switch {
	case region == "":
		return ""
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	case strings.HasPrefix(region, "us-isob-"):
		return "aws-iso-b"
	case strings.HasPrefix(region, "us-iso-"):
		return "aws-iso"
	}
	return "aws"
}

// locate fills account, region and partition from the first source that knows
// each: ARNs in the order given, then what the message says, then the topic.
func (a *Alert) locate(said location, arns ...string) {
	for _, arn := range arns {
		at, _, _, _ := splitARN(arn)
		a.at(at)
	}
	a.at(said)
	topic, _, _, _ := splitARN(a.Origin.Topic)
	a.at(topic)
	if a.Partition == "" {
		a.Partition = partitionOf(a.Region)
	}
}

func (a *Alert) at(l location) {
	// A partition goes with its own region: a topic's must not be mixed with another's.
	if a.Partition == "" && (a.Region == "" || a.Region == l.region) {
		a.Partition = l.partition
	}
	if a.Region == "" {
		a.Region = l.region
	}
	if a.Account == "" {
		a.Account = l.account
	}
}
