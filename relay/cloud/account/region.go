package account

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"alarmrelay/relay/rule"
)

// regions are AWS's, as the SDK knows them; a test compares.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-isoe-west-1", "eu-north-1",
	"eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1",
	"me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-iso-east-1",
	"us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "us-isof-east-1", "us-isof-south-1", "us-west-1", "us-west-2",
}

// regionShape is how every region is called.
var regionShape = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]{1,12}){1,3}-[0-9]{1,2}$`)

// CheckRegion refuses what is no region. One that is younger than this list is asked for by lookup, which returns an error
// for a host that is not in DNS. The error repeats the text only where it can be nothing but a name.
func CheckRegion(ctx context.Context, name string, lookup func(ctx context.Context, host string) error) error {
	if slices.Contains(regions, name) {
		return nil
	}
	if !regionShape.MatchString(name) {
		return fmt.Errorf("that is no AWS region: one reads ap-northeast-2%s", orNear(name))
	}
	if err := lookup(ctx, "ssm."+name+"."+domainOf(name)); err != nil {
		return errors.New(noRegion(name))
	}
	return nil
}

// noRegion says that a name is no region's, and whose was probably meant.
func noRegion(name string) string {
	return "no AWS region is called " + name + ", as far as can be seen from here" + orNear(name)
}

// DefaultRegion is the region that the environment or the profile names; "" where neither does, or they can't be read.
func DefaultRegion(ctx context.Context) string {
	cfg, err := LoadConfig(ctx)
	if err != nil {
		return "" // signing in says why
	}
	return cfg.Region
}

// Resolves returns nil for a host that DNS knows.
func Resolves(ctx context.Context, host string) error {
	_, err := net.DefaultResolver.LookupHost(ctx, host)
	return err
}

// domainOf is where the services of a region are found.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
func domainOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "amazonaws.com.cn"
	case strings.HasPrefix(region, "eusc-"):
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}

// orNear names the region that was probably meant, where one is near.
func orNear(name string) string {
	if near := rule.Nearest(name, regions); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
