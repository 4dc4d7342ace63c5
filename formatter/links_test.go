package formatter

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestJSURL(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{"/aws/lambda/my fn é 界 $x", "~'*2faws*2flambda*2fmy*20fn*20*e9*20**754c*20!x"},
		{"🚨", "~'**d83d**dea8"},
		{"it's (a) ~\"b\"", "~'it*27s*20*28a*29*20*7e*22b*22"},
		{object{{"a", list{1, true, list{}}}, {"b c", "d"}}, "~(a~(~1~true~())~b*20c~'d)"},
		{3.5, "~null"},
	} {
		if got := strings.ReplaceAll(jsurl(c.value), "~~(", "~("); got != c.want {
			t.Errorf("jsurl(%v) = %s, want %s", c.value, got, c.want)
		}
	}
}

func TestAlarmPages(t *testing.T) {
	for name, c := range map[string]struct{ partition, region, alarm, want string }{
		"plain":      {"aws", "us-east-1", "a-b_c.d~e", "https://us-east-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=us-east-1#alarmsV2:alarm/a-b_c.d~e"},
		"everything": {"aws", "ap-northeast-2", `a/b: "c" (d) 'é' 界🚨`, "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-2#alarmsV2:alarm/a%2Fb%3A%20%22c%22%20%28d%29%20%27%C3%A9%27%20%E7%95%8C%F0%9F%9A%A8"},
		"China":      {"aws-cn", "cn-north-1", "订单", "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/%E8%AE%A2%E5%8D%95"},
		"GovCloud":   {"aws-us-gov", "us-gov-west-1", "a", "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/a"},
		"the sovereign cloud's console is not known": {"aws-eusc", "eusc-de-east-1", "a", ""},
		"no region":                {"aws", "", "a", ""},
		"no partition":             {"", "us-east-1", "a", ""},
		"a region elsewhere":       {"aws", "cn-north-1", "a", ""},
		"a region that is a host":  {"aws", "evil.example/x-1", "a", ""},
		"a name that is no text":   {"aws", "us-east-1", "a\xff", ""},
		"a display name is no key": {"aws", "US East (N. Virginia)", "a", ""},
	} {
		home, ok := consoleOf(c.partition, c.region, "")
		got := ""
		if ok {
			got = home.alarm(c.alarm)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestLogPages(t *testing.T) {
	home, _ := consoleOf("aws", "eu-west-1", "111122223333")
	from := time.UnixMilli(1795230130000)
	const cloudwatch = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:"
	for got, want := range map[string]string{
		home.logGroup("/aws/lambda/fn", from, from.Add(time.Second)):       cloudwatch + "log-groups/log-group/$252Faws$252Flambda$252Ffn/log-events$3FfilterPattern$3D$26start$3D1795230130000$26end$3D1795230131000",
		home.logStream("g", "2026/09/14/[$LATEST]6ad3", time.Time{}):       cloudwatch + "log-groups/log-group/g/log-events/2026$252F09$252F14$252F$255B$2524LATEST$255D6ad3",
		home.insights("/aws/lambda/fn", from.UTC(), from.Add(time.Second)): cloudwatch + "logs-insights$3FqueryDetail$3D~(end~'2026-11-21T03*3a02*3a11.000Z~start~'2026-11-21T03*3a02*3a10.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'fields*20*40timestamp*2c*20*40message*20*7c*20sort*20*40timestamp*20desc~source~(~'*2faws*2flambda*2ffn))",
		home.logStream("로그", "s", from):                                    cloudwatch + "log-groups/log-group/$25EB$25A1$259C$25EA$25B7$25B8/log-events/s$3Fstart$3D1795230130000",
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestMetricPages(t *testing.T) {
	home, _ := consoleOf("aws", "us-east-1", "111122223333")
	const page = "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#metricsV2:graph="
	const window = "~start~'2026-11-21T03*3a02*3a10.000Z~end~'2026-11-21T03*3a02*3a10.000Z)"
	balancer := alert.Query{Namespace: "AWS/ApplicationELB", Name: "TargetResponseTime", Stat: "p99", Dimensions: []alert.Dimension{{Name: "LoadBalancer", Value: "app/my-alb/50dc"}}}
	part, sum := balancer, alert.Query{ID: "e1", Expression: "m1+0", Label: "x", Returned: true}
	part.ID, part.Account = "m1", "444455556666"
	for name, c := range map[string]struct {
		metric alert.MetricAlarm
		want   string
	}{
		"a metric": {
			alert.MetricAlarm{Queries: []alert.Query{balancer}, Period: 60, Threshold: new(1.0)},
			page + "~(metrics~(~(~'AWS*2fApplicationELB~'TargetResponseTime~'LoadBalancer~'app*2fmy-alb*2f50dc))~view~'timeSeries~stacked~false~region~'us-east-1~stat~'p99~period~60" + window,
		},
		"metric math": {
			alert.MetricAlarm{Queries: []alert.Query{part, sum}, Period: 60, Threshold: new(1.0)},
			page + "~(metrics~(~(~'AWS*2fApplicationELB~'TargetResponseTime~'LoadBalancer~'app*2fmy-alb*2f50dc~(id~'m1~visible~false~stat~'p99~accountId~'444455556666))~(~(expression~'m1*2b0~label~'x~id~'e1)))~view~'timeSeries~stacked~false~region~'us-east-1~period~60" + window,
		},
		"PromQL is not drawn there":    {alert.MetricAlarm{Queries: []alert.Query{{Expression: "rate(x[5m])"}}}, ""},
		"a row that is not known well": {alert.MetricAlarm{Queries: []alert.Query{{Name: "x"}}, Threshold: new(1.0)}, ""},
	} {
		if got := home.metric(&c.metric, fired, fired); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, c.want)
		}
	}
}

func TestResourcePages(t *testing.T) {
	type page struct{ label, url string }
	const host = "https://us-east-1.console.aws.amazon.com"
	query := func(namespace string, dimensions ...string) alert.Query {
		q := alert.Query{Namespace: namespace}
		for i := 0; i < len(dimensions); i += 2 {
			q.Dimensions = append(q.Dimensions, alert.Dimension{Name: dimensions[i], Value: dimensions[i+1]})
		}
		return q
	}
	elsewhere := query("AWS/Lambda", "FunctionName", "fn")
	elsewhere.Account = "444455556666"
	for name, c := range map[string]struct {
		query alert.Query
		want  page
	}{
		"instance":            {query("AWS/EC2", "InstanceId", "i-0123"), page{"Instance", host + "/ec2/home?region=us-east-1#InstanceDetails:instanceId=i-0123"}},
		"no instance":         {query("AWS/EC2", "InstanceId", "mi-0123"), page{}},
		"group":               {query("AWS/EC2", "AutoScalingGroupName", "web"), page{"Auto Scaling group", host + "/ec2/home?region=us-east-1#AutoScalingGroupDetails:id=web"}},
		"database":            {query("AWS/RDS", "DBInstanceIdentifier", "db"), page{"DB instance", host + "/rds/home?region=us-east-1#database:id=db;is-cluster=false"}},
		"database cluster":    {query("AWS/RDS", "DBClusterIdentifier", "db"), page{"DB cluster", host + "/rds/home?region=us-east-1#database:id=db;is-cluster=true"}},
		"function":            {query("AWS/Lambda", "FunctionName", "fn"), page{"Function", host + "/lambda/home?region=us-east-1#/functions/fn"}},
		"ECS service":         {query("AWS/ECS", "ClusterName", "c", "ServiceName", "s"), page{"ECS service", host + "/ecs/v2/clusters/c/services/s/health?region=us-east-1"}},
		"ECS cluster":         {query("AWS/ECS", "ClusterName", "c"), page{"Cluster", host + "/ecs/v2/clusters/c/services?region=us-east-1"}},
		"queue":               {query("AWS/SQS", "QueueName", "q.fifo"), page{"Queue", host + "/sqs/v3/home?region=us-east-1#/queues/https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F111122223333%2Fq.fifo"}},
		"table":               {query("AWS/DynamoDB", "TableName", "t"), page{"Table", host + "/dynamodbv2/home?region=us-east-1#table?name=t"}},
		"balancer":            {query("AWS/ApplicationELB", "LoadBalancer", "app/a/1"), page{"Load balancer", host + "/ec2/home?region=us-east-1#LoadBalancer:loadBalancerArn=arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1"}},
		"target group":        {query("AWS/ApplicationELB", "LoadBalancer", "app/a/1", "TargetGroup", "targetgroup/b/2"), page{"Target group", host + "/ec2/home?region=us-east-1#TargetGroup:targetGroupArn=arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/b/2"}},
		"another account":     {elsewhere, page{}},
		"a user's own":        {query("Shop", "FunctionName", "fn"), page{}},
		"a hostile name":      {query("AWS/Lambda", "FunctionName", "a#b)|<@1>"), page{}},
		"state machine":       {query("AWS/States", "StateMachineArn", "arn:aws:states:us-east-1:111122223333:stateMachine:x"), page{"State machine", host + "/states/home?region=us-east-1#/statemachines/view/arn:aws:states:us-east-1:111122223333:stateMachine:x"}},
		"stream":              {query("AWS/Kinesis", "StreamName", "s"), page{"Stream", host + "/kinesis/home?region=us-east-1#/streams/details/s/monitoring"}},
		"topic":               {query("AWS/SNS", "TopicName", "t"), page{"Topic", host + "/sns/v3/home?region=us-east-1#/topic/arn:aws:sns:us-east-1:111122223333:t"}},
		"service, no cluster": {query("AWS/ECS", "ServiceName", "s"), page{}},
	} {
		home, _ := consoleOf("aws", "us-east-1", "111122223333")
		got, _ := home.resource(c.query)
		if diff := cmp.Diff(c.want, page(got), cmp.AllowUnexported(page{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOnlyTheConsoleIsLinkedForANotice(t *testing.T) {
	for address, want := range map[string]bool{
		"https://console.aws.amazon.com/billing/home#/budgets": true,
		"https://eu-west-1.console.aws.amazon.com/x?y=z":       true,
		"https://cn-north-1.console.amazonaws.cn/":             true,
		"http://console.aws.amazon.com/":                       false,
		"https://console.aws.amazon.com.evil.example/":         false,
		"https://evilconsole.aws.amazon.com/":                  false,
		"https://console.aws.amazon.com@evil.example/":         false,
		"https://evil.example/#.console.aws.amazon.com":        false,
		"https://console.aws.amazon.com/|<!here>":              true, // as %7C%3C%21here%3E
		"javascript:alert(1)":                                  false,
	} {
		if got := consoleLink(address) != ""; got != want {
			t.Errorf("consoleLink(%q) is a link: %v, want %v", address, got, want)
		}
	}
	for address, want := range map[string]string{
		"https://wiki.example.com/런북?a=b&c": "https://wiki.example.com/%EB%9F%B0%EB%B6%81?a=b&c",
		"https://wiki/runbook":              "",
		"http://wiki.example.com":           "",
		"https://me:pw@wiki.example.com":    "",
	} {
		if got := runbookLink(address); got != want {
			t.Errorf("runbookLink(%q) = %q, want %q", address, got, want)
		}
	}
}
