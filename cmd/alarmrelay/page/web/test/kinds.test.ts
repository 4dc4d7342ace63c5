import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder, titleOf } from "../src/kinds";

const sample = (kind: string, name: string) => ({ kind, name, title: "" });

test("what everybody has comes first, services by name, what is no news last", () => {
  const all = [
    sample("no news", "sns-autoscaling-test"), sample("access-analyzer", "eventbridge-access-analyzer"), sample("text", "sns-plain-text"), sample("budget", "sns-budgets-actual"),
    sample("elastic-beanstalk", "sns-elasticbeanstalk-severe"), sample("ecs", "eventbridge-ecs-service-action"), sample("logs", "logs-lambda-errors"), sample("composite-alarm", "sns-alarm-composite"),
    sample("metric-alarm", "failed-invocation-alarm"), sample("metric-alarm", "eventbridge-alarm-anomaly"), sample("metric-alarm", "sns-alarm-alb-5xx"), sample("metric-alarm", "sns-alarm-cpu-high-ok"), sample("metric-alarm", "sns-alarm-cpu-high"),
  ];
  assert.deepEqual(inOrder(all).map((s) => s.name), [
    "sns-alarm-cpu-high", "sns-alarm-cpu-high-ok", "sns-alarm-alb-5xx", "eventbridge-alarm-anomaly", "failed-invocation-alarm",
    "sns-alarm-composite", "logs-lambda-errors", "sns-budgets-actual", "eventbridge-ecs-service-action", "sns-elasticbeanstalk-severe", "eventbridge-access-analyzer", "sns-plain-text", "sns-autoscaling-test",
  ]);
});

test("kinds are called as AWS calls them, new ones by their own name", () => {
  assert.deepEqual(["guardduty", "trusted-advisor", "some-new-thing"].map(titleOf), ["GuardDuty", "Trusted Advisor", "Some New Thing"]);
});
