// The kinds of samples, as people look for them: what everybody has first, then the services by name, then what is no news.

import type { Sample } from "./wire";

const alarms = ["metric-alarm", "composite-alarm", "logs", "alarm-config"];
const others = ["event", "custom", "json", "text", "no news"];

// Titles of the kinds whose names don't say enough, or not in the way that AWS writes them.
const titles: Record<string, string> = {
  "metric-alarm": "Metric alarms",
  "composite-alarm": "Composite alarms",
  logs: "Log lines",
  "alarm-config": "Changes to alarms",
  "access-analyzer": "IAM Access Analyzer",
  "app-insights": "Application Insights",
  budget: "AWS Budgets",
  cloudformation: "CloudFormation",
  codebuild: "CodeBuild",
  codedeploy: "CodeDeploy",
  codepipeline: "CodePipeline",
  "cost-anomaly": "Cost Anomaly Detection",
  "devops-guru": "DevOps Guru",
  dms: "Database Migration Service",
  ecr: "ECR",
  ecs: "ECS",
  elasticache: "ElastiCache",
  guardduty: "GuardDuty",
  health: "AWS Health",
  rds: "RDS",
  s3: "S3",
  ses: "SES",
  ssm: "Systems Manager",
  event: "Other events of EventBridge",
  custom: "Custom notifications of Amazon Q",
  json: "Any other JSON",
  text: "Any other text",
  "no news": "No news: nobody is told",
};

// titleOf is what a kind is called where people choose.
export function titleOf(kind: string): string {
  return titles[kind] ?? kind.replace(/(^|-)(\w)/g, (_, gap: string, letter: string) => (gap && " ") + letter.toUpperCase());
}

// The pair that most people try first, and the ways by which events come, the most common first.
const firsts = ["sns-alarm-cpu-high", "sns-alarm-cpu-high-ok"];
const ways = ["sns-", "eventbridge-", "logs-", "sqs-", "lambda-"];

// inOrder returns the samples by kind, and within a kind as people look for them.
export function inOrder(all: Sample[]): Sample[] {
  return [...all].sort((a, b) => group(a) - group(b) || titleOf(a.kind).localeCompare(titleOf(b.kind), "en") || place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

function group({ kind }: Sample): number {
  const early = alarms.indexOf(kind);
  const late = others.indexOf(kind);
  return early >= 0 ? early - alarms.length : late + 1;
}

function place({ name }: Sample): number {
  const first = firsts.indexOf(name);
  const way = ways.findIndex((w) => name.startsWith(w));
  return first >= 0 ? first - firsts.length : way >= 0 ? way : ways.length;
}
