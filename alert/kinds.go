package alert

// The kinds of notices. The tables in forms_events.go, forms_messages.go and
// texts.go say how each is recognised and read.
const (
	KindBudget         Kind = "budget"
	KindCostAnomaly    Kind = "cost-anomaly"
	KindHealth         Kind = "health"
	KindGuardDuty      Kind = "guardduty"
	KindSecurityHub    Kind = "security-hub"
	KindInspector      Kind = "inspector"
	KindAccessAnalyzer Kind = "access-analyzer"
	KindTrustedAdvisor Kind = "trusted-advisor"
	KindRDS            Kind = "rds"
	KindDMS            Kind = "dms"
	KindElastiCache    Kind = "elasticache"
	KindAutoScaling    Kind = "auto-scaling"
	KindECS            Kind = "ecs"
	KindECR            Kind = "ecr"
	KindCodePipeline   Kind = "codepipeline"
	KindCodeBuild      Kind = "codebuild"
	KindCodeDeploy     Kind = "codedeploy"
	KindBackup         Kind = "backup"
	KindCloudFormation Kind = "cloudformation"
	KindBeanstalk      Kind = "elastic-beanstalk"
	KindSSM            Kind = "ssm"
	KindDevOpsGuru     Kind = "devops-guru"
	KindAppInsights    Kind = "app-insights"
	KindSES            Kind = "ses"
	KindS3             Kind = "s3"
	KindCustom         Kind = "custom" // an Amazon Q custom notification
	KindEvent          Kind = "event"  // an EventBridge event nobody knows
	KindJSON           Kind = "json"   // JSON nobody knows
	KindText           Kind = "text"   // text nobody knows
)

// Kinds lists every kind, for configuration that is checked and documentation that is complete.
func Kinds() []Kind {
	return []Kind{
		KindMetricAlarm, KindCompositeAlarm, KindAlarmConfig, KindLogs,
		KindBudget, KindCostAnomaly, KindHealth, KindGuardDuty, KindSecurityHub, KindInspector,
		KindAccessAnalyzer, KindTrustedAdvisor, KindRDS, KindDMS, KindElastiCache, KindAutoScaling,
		KindECS, KindECR, KindCodePipeline, KindCodeBuild, KindCodeDeploy, KindBackup,
		KindCloudFormation, KindBeanstalk, KindSSM, KindDevOpsGuru, KindAppInsights, KindSES, KindS3,
		KindCustom, KindEvent, KindJSON, KindText,
	}
}
