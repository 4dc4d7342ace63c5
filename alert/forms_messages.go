package alert

// messageForms are the notices that services publish to a topic as JSON of
// their own. The first whose marks are all there is taken.
var messageForms = [...]form{
	{
		kind: KindCostAnomaly, service: "Cost Anomaly Detection", keys: []string{"anomalyId", "impact"},
		name: "{dimensionalValue}||{monitorName}||{subscriptionName}", grade: always(SeverityWarning), about: "{anomalyId}", change: "{anomalyId}/{impact.totalImpact}",
		owner:  "{accountId}",
		fields: costFields(""),
		links:  []Link{{"Anomaly", "{anomalyDetailsLink}"}},
	},
	{
		kind: KindDMS, service: "DMS", keys: []string{"Event Source", "Event Message"}, key: "Event Source", value: "replication",
		name: "{SourceId}", reason: "{Event Message}", grade: rdsSeverity("Event Message"), at: "{Event Time}", finish: rdsEvent,
		fields: []field{{"Source", "{Event Source}", plain}},
	},
	{
		kind: KindRDS, service: "RDS", keys: []string{"Event Source", "Event Message"},
		name: "{Source ID}", reason: "{Event Message}", grade: rdsSeverity("Event Message"), at: "{Event Time}", arn: "{Source ARN}", finish: rdsEvent,
		fields: []field{{"Source", "{Event Source}", plain}},
	},
	{
		kind: KindAutoScaling, service: "Auto Scaling", key: "Service", value: "AWS Auto Scaling",
		name: "{AutoScalingGroupName}", reason: "{StatusMessage}||{Description}||{Cause}", status: "{Event}||{LifecycleTransition}",
		arn: "{AutoScalingGroupARN}", at: "{EndTime}||{StartTime}||{Time}",
		fields: []field{
			{"Event", "{Event:last}||{LifecycleTransition:last}", code_},
			{"Instance", "{EC2InstanceId}", code_},
			{"Cause", "{Cause}", plain},
			{"Hook", "{LifecycleHookName}", code_},
			{"Note", "{NotificationMetadata}", plain},
		},
	},
	{
		kind: KindCodePipeline, service: "CodePipeline", keys: []string{"approval", "consoleLink"},
		name: "{approval.pipelineName}", reason: "{approval.customData}", grade: always(SeverityWarning), about: "{approval.pipelineName}/{approval.stageName}/{approval.actionName}",
		status: "approval needed",
		fields: []field{
			{"Stage", "{approval.stageName}", plain},
			{"Action", "{approval.actionName}", plain},
			{"Expires", "{approval.expires}", moment},
			{"Review", "{approval.externalEntityLink}", plain},
		},
		links: []Link{{"Pipeline", "{consoleLink}"}}, // not approvalReviewLink: it holds the token
	},
	{
		kind: KindCodeDeploy, service: "CodeDeploy", keys: []string{"eventTriggerName", "deploymentId"},
		name: "{applicationName}||{eventTriggerName}", status: "{status}||{instanceStatus}", reason: "{errorInformation.ErrorMessage}", finish: deployError,
		about: "{deploymentId}", owner: "{accountId}", region: "{region}", at: "{completeTime}||{lastUpdatedAt}||{createTime}",
		fields: []field{
			{"Deployment group", "{deploymentGroupName}", plain},
			{"Deployment", "{deploymentId}", code_},
			{"Instance", "{instanceId:last}", code_},
			{"Error", "{errorInformation.ErrorCode}", code_},
		},
	},
	{
		kind: KindSSM, service: "Systems Manager", keys: []string{"commandId", "documentName"},
		name: "{documentName}", status: "{status}", about: "{commandId}/{instanceId}||{commandId}", change: "{commandId}/{instanceId}/{status}||{commandId}/{status}", at: "{eventTime}",
		fields: []field{
			{"Instance", "{instanceId}||{instanceIds}", code_},
			{"Command", "{commandId}", code_},
			{"Started", "{requestedDateTime}", moment},
		},
	},
	{
		kind: KindDevOpsGuru, service: "DevOps Guru", keys: []string{"messageType", "insightId"},
		name: "{insightName}||{insightDescription}", reason: "{insightDescription}", status: "{messageType}", level: "{insightSeverity}", about: "{insightId}", at: "{startTime}",
		owner: "{accountId}", region: "{region}",
		fields: []field{{"Event", "{messageType}", code_}, {"Metrics", "{anomalies.*.sourceDetails.*.dataIdentifiers.name}", code_}},
		links:  []Link{{"Insight", "{insightUrl}"}},
	},
	sesForm("notificationType", ""),                                 // feedback of an identity
	sesForm("eventType", "{failure.errorMessage}||{reject.reason}"), // event publishing
	{
		kind: KindS3, service: "S3", key: "eventSource", value: "aws:s3",
		name: "{s3.bucket.name}", about: "{s3.bucket.arn}/{s3.object.key}", change: "{s3.object.key}/{s3.object.sequencer}", at: "{eventTime}", region: "{awsRegion}",
		finish: objectKey,
		fields: []field{{"Event", "{eventName}", code_}, {"Size", "{s3.object.size}", plain}},
	},
	{
		kind: KindS3, service: "S3", key: "Service", value: "Amazon S3", name: "{Bucket}", at: "{Time}",
		fields: []field{{"Event", "{Event}", code_}},
	},
	{
		kind: KindCustom, keys: []string{"content", "version"}, key: "source", value: "custom",
		name: "{content.title}||{metadata.summary}||{metadata.eventType}", reason: "{content.description}", level: "{metadata.additionalContext.severity}||{metadata.additionalContext.priority}",
		finish: customText,
		about:  "{metadata.threadId}", change: "{id}",
		fields: []field{
			{"Next steps", "{content.nextSteps}", plain},
			{"Keywords", "{content.keywords}", plain},
			{"Resources", "{metadata.relatedResources}", code_},
			{"Event", "{metadata.eventType}", code_},
		},
	},
}

// sesForm is the form of mail feedback, whose kind of event stands under one of two keys.
func sesForm(event, reason string) form {
	return form{
		kind: KindSES, service: "SES", keys: []string{event, "mail"},
		name: "{" + event + "}: {mail.commonHeaders.subject}||{" + event + "}", reason: reason, status: "{" + event + "}", grade: mailSeverity(event),
		about: "{mail.messageId}", change: "{bounce.feedbackId}||{complaint.feedbackId}||{mail.messageId}/{" + event + "}",
		at: "{bounce.timestamp}||{complaint.timestamp}||{delivery.timestamp}||{mail.timestamp}", arn: "{mail.sourceArn}",
		fields: []field{
			{"Event", "{bounce.bounceType} {bounce.bounceSubType}||{complaint.complaintFeedbackType}||{" + event + "}", plain},
			{"From", "{mail.source}", plain},
			{"To", "{bounce.bouncedRecipients.*.emailAddress}||{complaint.complainedRecipients.*.emailAddress}||{delivery.recipients}||{mail.destination}", plain},
			{"Answer", "{bounce.bouncedRecipients.0.diagnosticCode}||{delivery.smtpResponse}", plain},
		},
	}
}
