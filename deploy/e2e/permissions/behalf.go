package main

import "strings"

// behalf is what AWS's services ask for in the name of the function's role, which no recorder in the function can see.
type behalf struct {
	action string
	who    string
	of     func(s *stack, calls []call) []string // the resources; none where the template does not have what asks
	// condition is what the grant has to be limited to, as in the policy; nil for none.
	condition func(s *stack) any
}

var onBehalf = []behalf{
	// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html
	{action: "sqs:ReceiveMessage", who: "Lambda's poller", of: polledQueues},
	{action: "sqs:DeleteMessage", who: "Lambda's poller", of: polledQueues},
	{action: "sqs:GetQueueAttributes", who: "Lambda's poller", of: polledQueues},
	// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
	{action: "sqs:SendMessage", who: "Lambda, for a direct invocation that failed", of: failureQueues},
	// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html; the group is the template's, so that
	// logs:CreateLogGroup is not asked for.
	{action: "logs:CreateLogStream", who: "Lambda's log", of: logGroups},
	{action: "logs:PutLogEvents", who: "Lambda's log", of: logGroups},
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
	{action: "secretsmanager:GetSecretValue", who: "Parameter Store, for a secret", of: secrets},
	// https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-restrict-decryption.html; AWS's own key lets everybody
	// in the account decrypt.
	{action: "kms:Decrypt", who: "Parameter Store and Secrets Manager, with a key of the user's", of: webhookKeys, condition: viaTheStores},
}

func polledQueues(s *stack, _ []call) (queues []string) {
	for _, event := range s.objects(s.function("Events")) {
		if s.text(event["Type"]) == "SQS" {
			properties, _ := event["Properties"].(map[string]any)
			queues = append(queues, s.text(properties["Queue"]))
		}
	}
	return queues
}

func failureQueues(s *stack, _ []call) []string {
	config, _ := s.function("EventInvokeConfig").(map[string]any)
	destinations, _ := config["DestinationConfig"].(map[string]any)
	onFailure, _ := destinations["OnFailure"].(map[string]any)
	if s.text(onFailure["Type"]) != "SQS" {
		return nil
	}
	return []string{s.text(onFailure["Destination"])}
}

func logGroups(s *stack, _ []call) []string {
	logging, _ := s.function("LoggingConfig").(map[string]any)
	if name := s.text(logging["LogGroup"]); name != "" {
		return []string{arn("logs", "log-group:"+name+":*")}
	}
	return nil
}

const secretsPath = "/aws/reference/secretsmanager/"

// secrets are those that Parameter Store was asked for. Six question marks stand for what Secrets Manager adds to the name.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
func secrets(_ *stack, calls []call) (all []string) {
	for _, c := range calls {
		if name, ok := strings.CutPrefix(c.resource, secretsPath); ok && c.service == "ssm" {
			all = append(all, arn("secretsmanager", "secret:"+name+"-??????"))
		}
	}
	return all
}

func webhookKeys(s *stack, _ []call) []string {
	if key := s.text(s.parameters["WebhookKeyArn"]); key != "" {
		return []string{key}
	}
	return nil
}

// viaTheStores is the decryption of what these services keep, and of nothing else.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func viaTheStores(*stack) any {
	return map[string]any{"StringEquals": map[string]any{"kms:ViaService": []any{
		"ssm." + region + ".amazonaws.com", "secretsmanager." + region + ".amazonaws.com",
	}}}
}
