package alert

import "strings"

// regionCode is the last resort where a message names its region only as
// people read it: "Asia Pacific (Seoul)", "EU (Ireland)", "US East (N. Virginia)".
// The same region has had several such names, so only the place counts.
func regionCode(display string) string {
	if strings.HasPrefix(display, "Mexico") { // "Central" alone is Canada's
		return "mx-central-1"
	}
	if _, place, ok := strings.Cut(display, "("); ok {
		display = strings.TrimSuffix(place, ")")
	}
	if _, place, ok := strings.Cut(display, " - "); ok { // "EU - Ireland", seen until 2019
		display = place
	}
	for _, r := range regionPlaces {
		if r.place == display {
			return r.code
		}
	}
	return ""
}

// regionPlaces follows https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
// and the older names that CloudWatch has written.
var regionPlaces = [...]struct{ place, code string }{
	{"N. Virginia", "us-east-1"},
	{"Virginia", "us-east-1"},
	{"Ohio", "us-east-2"},
	{"N. California", "us-west-1"},
	{"Oregon", "us-west-2"},
	{"Central", "ca-central-1"},
	{"Calgary", "ca-west-1"},
	{"Sao Paulo", "sa-east-1"},
	{"São Paulo", "sa-east-1"},
	{"Frankfurt", "eu-central-1"},
	{"Zurich", "eu-central-2"},
	{"Ireland", "eu-west-1"},
	{"London", "eu-west-2"},
	{"Paris", "eu-west-3"},
	{"Stockholm", "eu-north-1"},
	{"Milan", "eu-south-1"},
	{"Spain", "eu-south-2"},
	{"Cape Town", "af-south-1"},
	{"Tel Aviv", "il-central-1"},
	{"UAE", "me-central-1"},
	{"Bahrain", "me-south-1"},
	{"Hong Kong", "ap-east-1"},
	{"Taipei", "ap-east-2"},
	{"Tokyo", "ap-northeast-1"},
	{"Seoul", "ap-northeast-2"},
	{"Osaka", "ap-northeast-3"},
	{"Mumbai", "ap-south-1"},
	{"Hyderabad", "ap-south-2"},
	{"Singapore", "ap-southeast-1"},
	{"Sydney", "ap-southeast-2"},
	{"Jakarta", "ap-southeast-3"},
	{"Melbourne", "ap-southeast-4"},
	{"Malaysia", "ap-southeast-5"},
	{"New Zealand", "ap-southeast-6"},
	{"Thailand", "ap-southeast-7"},
	{"Beijing", "cn-north-1"},
	{"Ningxia", "cn-northwest-1"},
	{"US-East", "us-gov-east-1"},
	{"US-West", "us-gov-west-1"},
	{"Germany", "eusc-de-east-1"},
}
