package alert

// eventForms are the EventBridge events that have a form of their own. The
// first whose source and detail-type fit is taken; every other event is read by
// [readAnyEvent]. Shapes: https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
var eventForms = [...]form{
	{
		kind: KindHealth, service: "AWS Health", source: "aws.health",
		name: "{detail.eventTypeCode}", reason: "{detail.eventDescription.0.latestDescription}", status: "{detail.statusCode}",
		about: "{detail.eventArn}", change: "{detail.communicationId}/{detail.affectedAccount}||{detail.communicationId}",
		at: "{detail.lastUpdatedTime}||{detail.startTime}", owner: "{detail.affectedAccount}", region: "{detail.eventRegion}",
		grade: healthSeverity, skip: healthBackup,
		fields: []field{
			{"Service", "{detail.service}", plain},
			{"Category", "{detail.eventTypeCategory}", plain},
			{"Status", "{detail.statusCode}", plain},
			{"Start", "{detail.startTime}", moment},
			{"End", "{detail.endTime}", moment},
			{"Affected", "{detail.affectedEntities.*.entityValue}", code_},
		},
	},
	{
		kind: KindGuardDuty, service: "GuardDuty", source: "aws.guardduty", detailType: "GuardDuty Finding",
		name: "{detail.title}||{detail.type}", reason: "{detail.description}", level: "{detail.severity}",
		about: "{detail.id}", change: "{detail.updatedAt}", at: "{detail.service.eventLastSeen}||{detail.updatedAt}",
		owner: "{detail.accountId}", region: "{detail.region}",
		fields: []field{
			{"Finding type", "{detail.type}", code_},
			{"Resource", "{detail.resource.instanceDetails.instanceId}||{detail.resource.s3BucketDetails.0.name}||{detail.resource.accessKeyDetails.userName}||{detail.resource.eksClusterDetails.name}||{detail.resource.resourceType}", code_},
			{"Count", "{detail.service.count}", plain},
			{"First seen", "{detail.service.eventFirstSeen}", moment},
			{"Last seen", "{detail.service.eventLastSeen}", moment},
		},
	},
	{
		kind: KindGuardDuty, service: "GuardDuty", source: "aws.guardduty", detailType: "GuardDuty Malware Protection",
		name: "{detail.s3ObjectDetails.bucketName}/{detail.s3ObjectDetails.objectKey}||{detail-type}", status: "{detail.scanResultDetails.scanResultStatus}||{detail.scanStatus}",
		about: "{detail.s3ObjectDetails.bucketName}/{detail.s3ObjectDetails.objectKey}", // the event's resource is the plan, the same for all objects
		grade: malwareSeverity, skip: cleanScan,
		fields: []field{
			{"Result", "{detail.scanResultDetails.scanResultStatus}", plain},
			{"Threats", "{detail.scanResultDetails.threats.*.name}", code_},
		},
	},
	{
		kind: KindSecurityHub, service: "Security Hub", source: "aws.securityhub", detailType: "Security Hub Findings", each: "detail.findings",
		name: "{Title}", reason: "{Description}", status: "{Compliance.Status}", grade: securityHubSeverity, skip: settledFinding,
		about: "{Id}", change: "{UpdatedAt}", at: "{LastObservedAt}||{UpdatedAt}", owner: "{AwsAccountId}", region: "{Region}||{Resources.0.Region}", arn: "{Resources.0.Id}",
		fields: []field{
			{"Control", "{Compliance.SecurityControlId}", code_},
			{"Resource", "{Resources.*.Id}", code_},
			{"Product", "{ProductName}", plain},
			{"Remediation", "{Remediation.Recommendation.Url}", plain},
		},
	},
	{
		kind: KindInspector, service: "Inspector", source: "aws.inspector2",
		name: "{detail.title}||{detail-type}", reason: "{detail.description}", status: "{detail.status}", level: "{detail.severity}",
		about: "{detail.findingArn}", change: "{detail.updatedAt}||{detail.lastObservedAt}", owner: "{detail.awsAccountId}", region: "{region}",
		fields: []field{
			{"Vulnerability", "{detail.packageVulnerabilityDetails.vulnerabilityId}", code_},
			{"Package", "{detail.packageVulnerabilityDetails.vulnerablePackages.*.name}", code_},
			{"Resource", "{detail.resources.*.id}", code_},
			{"Score", "{detail.inspectorScore}", plain},
			{"Status", "{detail.status}", plain},
		},
	},
	{
		kind: KindAccessAnalyzer, service: "Access Analyzer", source: "aws.access-analyzer",
		name: "{detail.resource:last}", status: "{detail.status}", grade: publicAccess,
		about: "{detail.id}", change: "{detail.updatedAt}", at: "{detail.updatedAt}", owner: "{detail.accountId}", region: "{region}", arn: "{detail.resource}",
		fields: []field{
			{"Status", "{detail.status}", plain},
			{"Resource", "{detail.resource}", code_},
			{"Resource type", "{detail.resourceType}", plain},
			{"Public", "{detail.isPublic}", plain},
			{"Principal", "{detail.principal.AWS}||{detail.principal.Federated}", code_},
			{"Action", "{detail.action}", code_},
		},
	},
	{
		kind: KindTrustedAdvisor, service: "Trusted Advisor", source: "aws.trustedadvisor",
		name: "{detail.check-name}", status: "{detail.status}", level: "{detail.status}", about: "{detail.check-name}/{detail.resource_id}||{detail.check-name}",
		fields: []field{
			{"Status", "{detail.status}", plain},
			{"Resource", "{detail.resource_id}", code_},
		},
	},
	{
		kind: KindRDS, service: "RDS", source: "aws.rds",
		name: "{detail.SourceIdentifier}", reason: "{detail.Message}", grade: rdsSeverity("detail.Message", "detail.EventCategories"), arn: "{detail.SourceArn}", at: "{detail.Date}",
		fields: []field{
			{"Event", "{detail.EventID}", code_},
			{"Category", "{detail.EventCategories}", plain},
			{"Source", "{detail.SourceType}", plain},
		},
	},
	{
		kind: KindDMS, service: "DMS", source: "aws.dms",
		name: "{detail.resourceLink:last}||{resources.0:last}", reason: "{detail.detailMessage}", status: "{detail.eventType}",
		fields: []field{
			{"Event", "{detail.eventType}||{detail.eventId}", code_},
			{"Category", "{detail.category}", plain},
		},
		links: []Link{{"Console", "{detail.resourceLink}"}},
	},
	{
		kind: KindAutoScaling, service: "Auto Scaling", source: "aws.autoscaling",
		name: "{detail.AutoScalingGroupName}", reason: "{detail.StatusMessage}||{detail.Cause}", status: "{detail-type}",
		fields: []field{
			{"Event", "{detail-type}", plain},
			{"Instance", "{detail.EC2InstanceId}", code_},
			{"Cause", "{detail.Cause}", plain},
		},
	},
	{
		kind: KindECS, service: "ECS", source: "aws.ecs", detailType: "ECS Task State Change",
		name: "{detail.group:last}||{detail.taskDefinitionArn:last}", reason: "{detail.stoppedReason}", status: "{detail.lastStatus}", grade: always(SeverityWarning), skip: taskNoNews,
		about: "{detail.taskArn}", change: "{detail.taskArn}/{detail.lastStatus}/{detail.version}||{detail.taskArn}/{detail.lastStatus}", at: "{detail.stoppedAt}||{detail.updatedAt}",
		fields: []field{
			{"Cluster", "{detail.clusterArn:last}", code_},
			{"Task", "{detail.taskArn:last}", code_},
			{"Exit code", "{detail.containers.*.exitCode}", code_},
			{"Stop code", "{detail.stopCode}", code_},
			{"Containers", "{detail.containers.*.reason}", plain},
		},
	},
	{
		kind: KindECS, service: "ECS", source: "aws.ecs",
		name: "{resources.0:last}", reason: "{detail.reason}", status: "{detail.eventName}", level: "{detail.eventType}", at: "{detail.updatedAt}||{detail.createdAt}", finish: serviceCluster,
		fields: []field{
			{"Event", "{detail.eventName}", code_},
			{"Deployment", "{detail.deploymentId}", code_},
			{"Cluster", "{detail.clusterArn:last}", code_},
		},
	},
	{
		kind: KindECR, service: "ECR", source: "aws.ecr", detailType: "ECR Image Scan",
		name: "{detail.repository-name}", status: "{detail.scan-status}", grade: imageSeverity,
		fields: []field{
			{"Image", "{detail.image-tags}||{detail.image-digest}", code_},
			{"Critical", "{detail.finding-severity-counts.CRITICAL}", plain},
			{"High", "{detail.finding-severity-counts.HIGH}", plain},
			{"Medium", "{detail.finding-severity-counts.MEDIUM}", plain},
		},
	},
	{
		kind: KindCodePipeline, service: "CodePipeline", source: "aws.codepipeline",
		name: "{detail.pipeline}", status: "{detail.state}",
		reason: "{additionalAttributes.failedActions.0.additionalInformation}||{detail.execution-result.external-execution-summary}||{additionalAttributes.failedStage}",
		about:  "{detail.pipeline}/{detail.execution-id}",
		fields: []field{
			{"Stage", "{detail.stage}||{additionalAttributes.failedStage}", plain},
			{"Action", "{detail.action}||{additionalAttributes.failedActions.0.action}", plain},
			{"Execution", "{detail.execution-id}", code_},
		},
	},
	{
		kind: KindCodeBuild, service: "CodeBuild", source: "aws.codebuild",
		name: "{detail.project-name}", status: "{detail.build-status}||{detail.completed-phase-status}",
		about: "{detail.build-id}", finish: failedPhase,
		fields: []field{
			{"Phase", "{detail.completed-phase}||{detail.current-phase}", plain},
			{"Started by", "{detail.additional-information.initiator}", code_},
			{"Build", "{detail.build-id:last}", code_},
			{"Started", "{detail.additional-information.build-start-time}", moment},
		},
		links: []Link{{"Logs", "{detail.additional-information.logs.deep-link}"}},
	},
	{
		kind: KindCodeDeploy, service: "CodeDeploy", source: "aws.codedeploy",
		name: "{detail.application}", status: "{detail.state}", about: "{detail.deploymentId}",
		fields: []field{
			{"Deployment group", "{detail.deploymentGroup}", plain},
			{"Deployment", "{detail.deploymentId}", code_},
			{"Instance", "{detail.instanceId}", code_},
		},
	},
	{
		kind: KindBackup, service: "AWS Backup", source: "aws.backup",
		name: "{detail.resourceArn:last}||{detail.sourceResourceArn:last}||{detail.backupVaultName}||{detail-type}", reason: "{detail.statusMessage}", status: "{detail.state}||{detail.status}",
		about: "{detail.backupJobId}||{detail.restoreJobId}||{detail.copyJobId}", arn: "{detail.resourceArn}||{detail.sourceResourceArn}", owner: "{account}", region: "{region}",
		fields: []field{
			{"Resource type", "{detail.resourceType}", plain},
			{"Vault", "{detail.backupVaultName}||{detail.destinationBackupVaultArn:last}", code_},
			{"Job", "{detail.backupJobId}||{detail.restoreJobId}||{detail.copyJobId}", code_},
		},
	},
	{
		kind: KindCloudFormation, service: "CloudFormation", source: "aws.cloudformation",
		name: "{detail-type}", reason: "{detail.status-details.status-reason}", status: "{detail.status-details.status}", arn: "{detail.stack-id}",
		skip: stackStep("{detail.logical-resource-id}", "", "{detail.status-details.status}"), finish: stackName,
		fields: []field{
			{"Status", "{detail.status-details.status}", code_},
			{"Resource", "{detail.logical-resource-id}", code_},
			{"Resource type", "{detail.resource-type}", code_},
		},
	},
	{
		kind: KindBeanstalk, service: "Elastic Beanstalk", source: "aws.elasticbeanstalk",
		name: "{detail.EnvironmentName}", reason: "{detail.Message}", status: "{detail.Status}", level: "{detail.Severity}",
		about: "{detail.ApplicationName}/{detail.EnvironmentName}", finish: healthyAgain,
		fields: []field{{"Application", "{detail.ApplicationName}", plain}, {"Status", "{detail.Status}", plain}},
	},
	{
		kind: KindSSM, service: "Systems Manager", source: "aws.ssm",
		name:   "{detail.document-name}||{detail.Definition}||{detail.window-id}||{detail-type}",
		status: "{detail.status}||{detail.Status}",
		about:  "{detail.command-id}/{detail.instance-id}||{detail.command-id}||{detail.ExecutionId}||{detail.window-execution-id}",
		fields: []field{
			{"Event", "{detail-type}", plain},
			{"Instance", "{detail.instance-id}", code_},
			{"Command", "{detail.command-id}", code_},
			{"Execution", "{detail.ExecutionId}", code_},
			{"Started by", "{detail.ExecutedBy:last}", code_},
		},
	},
	{
		kind: KindDevOpsGuru, service: "DevOps Guru", source: "aws.devops-guru",
		name: "{detail.insightDescription}", status: "{detail.messageType}", level: "{detail.insightSeverity}",
		about: "{detail.insightId}", at: "{detail.startTime}", owner: "{detail.accountId}", region: "{detail.region}",
		fields: []field{{"Event", "{detail-type}", plain}, {"Metrics", "{detail.anomalies.*.sourceDetails.*.dataIdentifiers.name}", code_}},
		links:  []Link{{"Insight", "{detail.insightUrl}"}},
	},
	{
		kind: KindCostAnomaly, service: "Cost Anomaly Detection", source: "aws.ce",
		name: "{detail.monitorName}||{detail.dimensionValue}", grade: always(SeverityWarning), about: "{detail.anomalyId}", change: "{detail.anomalyId}/{detail.impact.totalImpact}",
		owner: "{detail.accountId}", region: "{region}",
		fields: costFields("detail."),
		links:  []Link{{"Anomaly", "{detail.anomalyDetailsLink}"}},
	},
}

// costFields are the same facts under two paths: of the event and of the SNS message.
func costFields(in string) []field {
	return []field{
		{"Impact", "${" + in + "impact.totalImpact:cents} ({" + in + "impact.totalImpactPercentage:cents} %)||${" + in + "impact.totalImpact:cents}", plain},
		{"Spent", "${" + in + "impact.totalActualSpend:cents}", plain},
		{"Expected", "${" + in + "impact.totalExpectedSpend:cents}", plain},
		{"Cause", "{" + in + "rootCauses.0.service} · {" + in + "rootCauses.0.usageType}||{" + in + "rootCauses.0.service}", plain},
		{"Since", "{" + in + "anomalyStartDate}", moment},
	}
}
