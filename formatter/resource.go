package formatter

import (
	"strings"

	"alarmrelay/alert"
)

// resources tells by its dimensions what a metric is about, and the console's
// page for it. The first row that fits is taken. A namespace may end in * .
var resources = [...]struct {
	label     string
	namespace string
	dimension string
	page      func(c console, id string, q alert.Query) string
}{
	{"Instance", "AWS/EC2", "InstanceId", instancePage},
	{"Instance", "CWAgent", "InstanceId", instancePage},
	{"Auto Scaling group", "AWS/EC2", "AutoScalingGroupName", groupPage},
	{"Auto Scaling group", "AWS/AutoScaling", "AutoScalingGroupName", groupPage},
	{"DB instance", "AWS/RDS", "DBInstanceIdentifier", func(c console, id string, _ alert.Query) string {
		return c.page("/rds/home", "database:id="+id+";is-cluster=false")
	}},
	{"DB cluster", "AWS/RDS", "DBClusterIdentifier", func(c console, id string, _ alert.Query) string {
		return c.page("/rds/home", "database:id="+id+";is-cluster=true")
	}},
	{"Function", "AWS/Lambda", "FunctionName", func(c console, id string, _ alert.Query) string {
		return c.page("/lambda/home", "/functions/"+id)
	}},
	{"ECS service", "AWS/ECS", "ServiceName", servicePage},
	{"ECS service", "ECS/ContainerInsights", "ServiceName", servicePage},
	{"Cluster", "AWS/ECS", "ClusterName", clusterPage},
	{"Cluster", "ECS/ContainerInsights", "ClusterName", clusterPage},
	{"Queue", "AWS/SQS", "QueueName", queuePage},
	{"Table", "AWS/DynamoDB", "TableName", func(c console, id string, _ alert.Query) string {
		return c.page("/dynamodbv2/home", "table?name="+id)
	}},
	{"Target group", "AWS/ApplicationELB", "TargetGroup", targetPage},
	{"Target group", "AWS/NetworkELB", "TargetGroup", targetPage},
	{"Load balancer", "AWS/ApplicationELB", "LoadBalancer", balancerPage},
	{"Load balancer", "AWS/NetworkELB", "LoadBalancer", balancerPage},
	{"Stream", "AWS/Kinesis", "StreamName", func(c console, id string, _ alert.Query) string {
		return c.page("/kinesis/home", "/streams/details/"+id+"/monitoring")
	}},
	{"Topic", "AWS/SNS", "TopicName", func(c console, id string, _ alert.Query) string {
		return c.ofAccount("/sns/v3/home", "/topic/", c.arn("sns", id))
	}},
	{"State machine", "AWS/States", "StateMachineArn", func(c console, id string, _ alert.Query) string {
		return c.page("/states/home", "/statemachines/view/"+id)
	}},
}

// resource returns the page of what a metric is about, if that lies in this console's account.
func (c console) resource(q alert.Query) (link, bool) {
	if q.Account != "" && q.Account != c.account {
		return link{}, false
	}
	for _, r := range resources {
		if r.namespace != q.Namespace {
			continue
		}
		id := dimension(q, r.dimension)
		if !isPlainID(id) {
			continue
		}
		if page := r.page(c, id, q); page != "" {
			return link{r.label, page}, true
		}
	}
	return link{}, false
}

func dimension(q alert.Query, name string) string {
	for _, d := range q.Dimensions {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// isPlainID accepts what resources are named with; anything else is no resource of ours to link.
func isPlainID(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && !strings.ContainsRune("-_./:", rune(c)) {
			return false
		}
	}
	return s != ""
}

func (c console) page(path, state string) string {
	return c.host + path + "?region=" + c.region + "#" + state
}

// arn returns the ARN of a resource in this region, or nothing while the account is not known.
func (c console) arn(service, resource string) string {
	if len(c.account) != 12 {
		return ""
	}
	return "arn:" + c.partition + ":" + service + ":" + c.region + ":" + c.account + ":" + resource
}

// ofAccount is a page whose address holds an ARN.
func (c console) ofAccount(path, state, arn string) string {
	if arn == "" {
		return ""
	}
	return c.page(path, state+arn)
}

func instancePage(c console, id string, _ alert.Query) string {
	if !strings.HasPrefix(id, "i-") {
		return ""
	}
	return c.page("/ec2/home", "InstanceDetails:instanceId="+id)
}

func groupPage(c console, id string, _ alert.Query) string {
	return c.page("/ec2/home", "AutoScalingGroupDetails:id="+id)
}

func servicePage(c console, id string, q alert.Query) string {
	cluster := dimension(q, "ClusterName")
	if !isPlainID(cluster) {
		return ""
	}
	return c.host + "/ecs/v2/clusters/" + percent(cluster) + "/services/" + percent(id) + "/health?region=" + c.region
}

func clusterPage(c console, id string, _ alert.Query) string {
	return c.host + "/ecs/v2/clusters/" + percent(id) + "/services?region=" + c.region
}

func queuePage(c console, id string, _ alert.Query) string {
	if len(c.account) != 12 {
		return ""
	}
	host := "sqs." + c.region + ".amazonaws.com"
	if c.partition == "aws-cn" {
		host += ".cn"
	}
	return c.page("/sqs/v3/home", "/queues/"+percent("https://"+host+"/"+c.account+"/"+id))
}

func targetPage(c console, id string, _ alert.Query) string {
	return c.ofAccount("/ec2/home", "TargetGroup:targetGroupArn=", c.arn("elasticloadbalancing", id))
}

func balancerPage(c console, id string, _ alert.Query) string {
	return c.ofAccount("/ec2/home", "LoadBalancer:loadBalancerArn=", c.arn("elasticloadbalancing", "loadbalancer/"+id))
}
