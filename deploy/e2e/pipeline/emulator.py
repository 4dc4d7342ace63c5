"""ministack, with what it lacks of AWS for template.yaml: the functions in LACKS are the whole list.

It is run by the Python of `deploy/e2e/tools ministack`, and is configured by ministack's own variables. What it adds stands
here so that the template, `sam` and the commands need not be bent for the emulator. It starts only if ministack still
has each thing that is replaced.
"""

import functools
import json
import os
import re
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import cbor2

from ministack import app
from ministack.core import iam_actions
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.lambda_runtime import ProvidedWorker
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, lambda_svc, scheduler, sns
from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks


def functions_serve_many_invocations():
    """Up to 1.4.21 a custom runtime got the same event again with every request for the next one."""
    assert callable(ProvidedWorker.invoke) and callable(lambda_svc._execute_function_provided_warm)


def codedeploy_takes_part_in_a_stack():
    """There is no CodeDeploy. Its resources are made as names that nobody asks, so an alias moves to a new version at
    once, as with the type AllAtOnce; what a canary does is left to AWS."""
    known = provisioners._RESOURCE_HANDLERS
    for kind in ("Application", "DeploymentGroup"):
        assert f"AWS::CodeDeploy::{kind}" not in known, f"there is a CodeDeploy {kind} now"
        known[f"AWS::CodeDeploy::{kind}"] = {
            "create": lambda name, _properties, stack: (f"{stack}-{name}", {}),
            "update": lambda physical, _old, _new, _stack: (physical, {}),
            "delete": lambda _physical, _properties: None,
        }


def conditions_know_every_function():
    """In a stack's conditions ministack knows Ref and Select alone; elsewhere it knows what AWS does."""
    evaluate = engine._evaluate_conditions

    @functools.wraps(evaluate)
    def evaluating(template, params):
        conditions = operands(template.get("Conditions", {}), lambda value: engine._resolve_refs(
            value, {}, params, {}, template.get("Mappings", {}), "", ""))
        return evaluate({**template, "Conditions": conditions}, params)

    for module in (engine, changesets, handlers, stacks):
        if getattr(module, "_evaluate_conditions", None) is evaluate:
            module._evaluate_conditions = evaluating


def operands(condition, resolve):
    """A condition with what it compares put in: the logic is left."""
    if isinstance(condition, list):
        return [operands(part, resolve) for part in condition]
    if not isinstance(condition, dict):
        return condition
    if any(name in condition for name in ("Ref", "Fn::Select", "Fn::Sub", "Fn::Join", "Fn::Split", "Fn::FindInMap")):
        return resolve(condition)
    return {name: operands(part, resolve) for name, part in condition.items()}


def batches_need_the_single_actions():
    """AWS has no sqs:DeleteMessageBatch and the like: "to perform batch actions, grant the single ones".
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html"""
    extract = iam_actions.extract_iam_action

    @functools.wraps(extract)
    def single(*args, **named):
        action = extract(*args, **named)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = single


def requests_in_cbor_need_their_actions():
    """Rights are looked for in forms, JSON and headers, and not in the protocol that CloudWatch's clients speak: by that
    everybody may do everything. The operation stands in its path.
    https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html"""
    action_of, resource_of = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    @functools.wraps(action_of)
    def action(service, method, path, *args, **named):
        operation = re.fullmatch(r"/service/[^/]+/operation/(\w+)", path)
        if operation:
            return f"{iam_actions.SERVICE_TO_IAM_NAMESPACE[service]}:{operation[1]}"
        return action_of(service, method, path, *args, **named)

    @functools.wraps(resource_of)
    def resource(service, method, path, headers, body, *args, **named):
        if "cbor" in headers.get("content-type", ""):
            body = json.dumps(cbor2.loads(body), default=str).encode()
        return resource_of(service, method, path, headers, body, *args, **named)

    iam_actions.extract_iam_action, iam_actions.extract_resource_arn = action, resource


def cloudwatch_asks_the_topics_policy():
    """An alarm's notice is put into the topic whatever its policy says, and the alarm's history doesn't tell of it."""
    dispatch = cloudwatch._dispatch_alarm_actions
    lists = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}

    @functools.wraps(dispatch)
    def asking(alarm, old_state, new_state, reason):
        topics = [a for a in alarm.get(lists[new_state]) or [] if cloudwatch._is_sns_action_arn(a)]
        if not alarm.get("ActionsEnabled", True):
            return
        for topic in topics:
            allowed = lets_cloudwatch_in(topic, alarm["AlarmArn"])
            if allowed:
                dispatch({**alarm, lists[new_state]: [topic]}, old_state, new_state, reason)
            remember_action(alarm, topic, allowed)

    cloudwatch._dispatch_alarm_actions = asking


def notices_name_the_alarm():
    """An alarm's notice lacks its ARN, by which DescribeAlarms knows it.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"""
    fan_out = sns._fanout

    @functools.wraps(fan_out)
    def naming(topic, message_id, message, *args, **named):
        notice = json.loads(message) if message.startswith("{") else {}
        alarm = cloudwatch._alarms.get(notice.get("AlarmName"))
        if alarm and "AlarmArn" not in notice:
            message = json.dumps({**notice, "AlarmArn": alarm["AlarmArn"]})
        fan_out(topic, message_id, message, *args, **named)

    sns._fanout = naming


def lets_cloudwatch_in(topic, alarm):
    """Whether a topic's policy lets the service publish. It does not bring the deprecated aws:SourceOwner along, by which
    the owner's own statement would let it in: the one for services has to.
    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"""
    asked = EvalContext(
        principal_arn="*", principal_type="Service", principal_account="", action="sns:Publish", resource_arn=topic,
        region=get_region(), service_context={"aws:sourcearn": alarm, "aws:sourceaccount": get_account_id()})
    policy = sns._topics[topic]["attributes"]["Policy"]
    return evaluate_resource_policy(policy, asked, service="cloudwatch.amazonaws.com").decision == "Allow"


def remember_action(alarm, topic, allowed):
    """The item of an alarm's history for one action.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html"""
    outcome = {"actionState": "Succeeded" if allowed else "Failed", "notificationResource": topic}
    if not allowed:
        outcome["error"] = f"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {topic}"
    cloudwatch._history_entries().append({
        "AlarmName": alarm["AlarmName"],
        "AlarmType": "CompositeAlarm" if "AlarmRule" in alarm else "MetricAlarm",
        "Timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "HistoryItemType": "Action",
        "HistorySummary": ("Successfully executed action " if allowed else "Failed to execute action ") + topic,
        "HistoryData": json.dumps(outcome),
    })


def events_for_an_alias_have_its_settings():
    """Of an alias the EventInvokeConfig is kept and not heeded: where failed invocations go."""
    invoke = lambda_svc.invoke_async_with_retry

    @functools.wraps(invoke)
    def heeding(func, event):
        config = func["config"]
        whole = lambda_svc._functions.get(config["FunctionName"]) or func
        for name, alias in whole.get("aliases", {}).items():
            settings = whole.get("event_invoke_configs", {}).get(name)
            if settings and alias["FunctionVersion"] == config["Version"]:
                func = {**func, "event_invoke_config": settings}
        invoke(func, event)

    lambda_svc.invoke_async_with_retry = heeding


def schedules_wait_to_be_asked():
    """It runs schedules itself. Cases count what the function is invoked for, and one of them ticks."""
    assert callable(scheduler.start_scheduler)
    scheduler.start_scheduler = lambda: None


def cloudwatch_has_mute_rules():
    """It knows none, and refuses to list them. Nobody makes one here: what one does is left to relay/cloud's tests.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html"""
    handle = cloudwatch.handle_request

    @functools.wraps(handle)
    async def listing(method, path, headers, body, query_params):
        if path.endswith("/operation/ListAlarmMuteRules"):
            return cloudwatch._cbor_ok({"AlarmMuteRuleSummaries": []})
        return await handle(method, path, headers, body, query_params)

    cloudwatch.handle_request = listing


def cloudwatch_can_be_behind():
    """What a tick looks for happened minutes ago, and nobody waits for that here. CloudWatch's clock is behind by the seconds
    that stand in a file, so what happens there happened some time ago."""
    assert cloudwatch.time is time
    behind = Path(os.environ["CLOUDWATCH_BEHIND"])

    class Clock:
        def __getattr__(self, name):
            return getattr(time, name)

        def time(self):
            return time.time() - float(behind.read_text())

    cloudwatch.time = Clock()


LACKS = [
    functions_serve_many_invocations,
    codedeploy_takes_part_in_a_stack,
    conditions_know_every_function,
    batches_need_the_single_actions,
    requests_in_cbor_need_their_actions,
    cloudwatch_asks_the_topics_policy,
    notices_name_the_alarm,
    events_for_an_alias_have_its_settings,
    schedules_wait_to_be_asked,
    cloudwatch_has_mute_rules,
    cloudwatch_can_be_behind,
]

if __name__ == "__main__":
    assert app.AUTH, "AUTH=true is what makes the policies count"
    for add in LACKS:
        add()
        print("added:", add.__name__.replace("_", " "), flush=True)
    sys.exit(app.main())
