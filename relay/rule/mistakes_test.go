package rule_test

// mistakes are the files bad-*.yaml and what is said about each, without the
// file's name.
var mistakes = []struct {
	file string
	want []string
}{
	{"a-list", []string{
		`1:1: expected keys with values, such as "name: value", found a list`,
	}},
	{"account-name-for-no-account", []string{
		`2:3: accounts: "1111-2222-3333" is no account; an account id has twelve digits`,
	}},
	{"account-name-is-a-number", []string{
		`2:19: accounts: 5 is a number to YAML; put it in quotes`,
	}},
	{"account-too-short", []string{
		`7:23: account: "11112222333" is no account; an account id has twelve digits`,
	}},
	{"alias-bomb", []string{
		` the aliases of this file repeat too much; write out what differs`,
	}},
	{"allow-hosts-with-path", []string{ // a Mattermost hook, which is a secret
		`1:15: allow_hosts: this text is no host; write a host or host:port, such as chat.example.com:8065, without scheme and path`,
	}},
	{"allow-hosts-with-scheme", []string{
		`1:15: allow_hosts: this text is no host; write a host or host:port, such as chat.example.com:8065, without scheme and path`,
	}},
	{"avatar-http", []string{
		`7:51: avatar: not an address that people can open; write https://, a host and a path, at most 2048 characters`,
	}},
	{"binary-tag", []string{
		`5:11: name: tags such as "!!binary" are not understood here; write plain text`,
	}},
	{"broken-regexp", []string{
		`7:21: alarm: the expression does not compile: missing closing ): "prod-("; the syntax is RE2's`,
	}},
	{"buttons-at-discord", []string{
		`2:46: buttons: only Slack has the choice; Discord's messages always have link buttons`,
	}},
	{"channel-by-name", []string{
		`2:46: channel: "#ops" is no channel's id; it reads C0123456789 and stands at the bottom of the channel's details in Slack`,
	}},
	{"channel-of-a-webhook", []string{
		`2:42: channel: only slack_bot: takes a channel; a webhook leads to one by itself`,
	}},
	{"comments-only", []string{
		` the file says nothing; it needs destinations and rules`,
	}},
	{"continue-is-text", []string{
		`7:53: continue: expected true or false, found "true"`,
	}},
	{"destination-name-with-space", []string{
		`2:3: destinations: "ops team" can't name a destination; use letters, digits, - and _, at most 64`,
		`4:10: to: unknown destination "ops team"; none is declared in this file`,
	}},
	{"field-is-a-list", []string{
		`5:17: fields: expected a text, found a list`,
	}},
	{"field-label-of-blanks", []string{
		`5:14: fields: a label of blanks; write a word`,
	}},
	{"field-label-too-long", []string{
		`5:14: fields: a label of 81 characters; write at most 80`,
	}},
	{"fields-empty", []string{
		`5:13: fields: says nothing; leave it out, or write a label and a text, such as Host: ${dimension.InstanceId}`,
	}},
	{"fields-too-many", []string{
		`5:13: fields: 11 fields; write at most 10`,
	}},
	{"graph-as-a-word", []string{
		`1:8: graph: expected true or false, found "always"`,
		`6:24: graph: expected true or false, found "1"`,
	}},
	{"graph-for-nobody", []string{
		`6:5: a rule without destinations can only set severity or runbook for the rules after it; add "to: [NAME]"`,
	}},
	{"destination-of-two-services", []string{
		`2:44: slack: a destination has one of discord, slack and slack_bot; make two destinations and name both in to:`,
	}},
	{"destination-without-webhook", []string{
		`2:3: destinations: "ops" has no webhook; give it discord: or slack: with a reference, or slack_bot: with a channel`,
	}},
	{"dimension-without-name", []string{
		`7:25: dimension: expected keys with values, such as "name: value", found "i-0abc"`,
	}},
	{"duplicate-key", []string{
		`5:1: key "locale" is here twice, first on line 4; keep one`,
	}},
	{"empty-destinations", []string{
		`1:15: destinations: declare at least one destination`,
		`3:10: to: unknown destination "ops"; none is declared in this file`,
	}},
	{"empty-match", []string{
		`7:13: match: says nothing; leave it out, or name what is to be matched`,
	}},
	{"empty-not", []string{
		`7:36: not: says nothing; leave it out, or name what is to be matched`,
	}},
	{"empty-pattern-list", []string{
		`7:21: alarm: the list is empty; give it a value or leave the key out`,
	}},
	{"empty-pattern", []string{
		`7:21: alarm: is empty; give it a value or leave the key out`,
	}},
	{"empty-regexp", []string{
		`7:21: alarm: // is an empty expression, which would match everything; write * for that`,
	}},
	{"empty-rules", []string{
		`4:8: rules: the list is empty; the shortest that will do is [{to: [NAME]}] with a destination's name`,
	}},
	{"empty", []string{
		` the file says nothing; it needs destinations and rules`,
	}},
	{"fallback-in-a-circle", []string{
		`2:47: fallback: "ops" leads back to itself; the last of a chain has no fallback`,
		`3:53: fallback: "backup" leads back to itself; the last of a chain has no fallback`,
	}},
	{"fallback-to-itself", []string{
		`2:47: fallback: "ops" leads back to itself; the last of a chain has no fallback`,
	}},
	{"fallback-unknown", []string{
		`2:47: fallback: unknown destination "backup"; known: ops`,
	}},
	{"ignore-unknown-word", []string{
		`7:51: ignore: unknown occasion "first_ok"; did you mean "first-ok"?`,
	}},
	{"last-rule-continues", []string{
		`5:5: the last rule can't continue; leave that out`,
	}},
	{"last-rule-matches", []string{
		`5:5: the last rule must match everything, so that no alert is lost; add a rule without match, such as "- to: [NAME]"`,
	}},
	{"local-timezone", []string{
		`1:11: timezone: no time zone is called "Local"; write a name such as Asia/Seoul, Europe/Paris or UTC`,
	}},
	{"logs-window-is-empty", []string{
		`1:16: window: is empty; expected a duration such as 30s, 15m, 1h30m or 2d`,
	}},
	{"logs-window-too-long", []string{
		`1:16: window: "1h1s" is out of range; write a duration from 0s to 1h`,
	}},
	{"mention-lacks-service", []string{
		`8:14: mention: oncall has nobody for slack, where backend is; add slack: to it, or "slack: []" for nobody`,
	}},
	{"mention-lacks-service-of-fallback", []string{
		`8:14: mention: oncall has nobody for discord, where spare is; add discord: to it, or "discord: []" for nobody`,
	}},
	{"mention-of-nobody", []string{
		`5:3: mentions: "oncall" names nobody; give it discord: or slack:`,
	}},
	{"mention-on-unknown-state", []string{
		`7:73: mention_on: unknown occasion "ALARMS"; did you mean "ALARM"?`,
	}},
	{"mention-role-without-id", []string{
		`5:22: discord: "role:oncall" is nobody who can be mentioned; write role:ID or user:ID with an id of 17 to 20 digits, here, or everyone`,
	}},
	{"mention-slack-everyone", []string{
		`5:20: slack: "everyone" is nobody who can be mentioned; write subteam:ID (S012ABC...), user:ID (U012ABC...), here, or channel`,
	}},
	{"merge-key", []string{
		`7:13: match: merge keys (<<) are not understood here; write the keys out, or use an alias for a whole value`,
	}},
	{"metrics-per-destination-is-text", []string{
		`1:28: per_destination: expected true or false, found "yes"`,
	}},
	{"no-destinations", []string{
		`1:1: destinations are missing; declare at least one, such as "destinations: {ops: {discord: \"ssm:/alarmrelay/discord/ops\"}}"`,
		`2:10: to: unknown destination "ops"; none is declared in this file`,
	}},
	{"no-rules", []string{
		`1:1: rules are missing; the shortest that will do is "rules: [{to: [NAME]}]" with a destination's name`,
	}},
	{"not-in-not", []string{
		`7:20: unknown key "not" in not; known: alarm, subject, topic, metric, detail-type, source, namespace, account, region, kind, state, description, severity, dimension, tag`,
	}},
	{"nul-byte", []string{
		`6:3: not YAML: control characters are not allowed (value: 0); check quotes, brackets and indentation`,
	}},
	{"null-match", []string{
		`7:13: match: is empty; expected keys with values, such as "name: value"`,
	}},
	{"null", []string{
		`1:1: is empty; expected keys with values, such as "name: value"`,
	}},
	{"number-for-text", []string{
		`5:11: name: 7 is a number to YAML; put it in quotes`,
	}},
	{"retry-first-is-a-list", []string{
		`1:16: first: expected a duration such as 30s, 15m, 1h30m or 2d, found a list`,
	}},
	{"retry-first-too-short", []string{
		`1:16: first: "99ms" is out of range; write a duration from 100ms to 15m`,
	}},
	{"retry-give-up-shorter-than-longest", []string{
		`1:18: retry: give_up is 10m, shorter than longest, which is 15m; make one longer or the other shorter`,
	}},
	{"retry-give-up-too-long", []string{
		`1:18: give_up: "14d" is out of range; write a duration from 1m to 13d`,
	}},
	{"retry-in-words", []string{
		`1:16: first: "30 seconds" is no duration; write one such as 30s, 15m, 1h30m or 2d`,
		`1:37: longest: "-15m" is no duration; write one such as 30s, 15m, 1h30m or 2d`,
		`1:52: give_up: "tomorrow" is no duration; write one such as 30s, 15m, 1h30m or 2d`,
	}},
	{"retry-longest-shorter-than-first", []string{
		`2:12: retry: longest is 1m, shorter than first, which is 1m30s; pauses only grow`,
	}},
	{"retry-one-mistake-contradicts-nothing", []string{
		`1:16: first: "0" is out of range; write a duration from 100ms to 15m`,
	}},
	{"rule-is-text", []string{
		`5:5: expected keys with values, such as "name: value", found "ops"`,
	}},
	{"rule-that-only-mentions", []string{
		`7:5: a rule without destinations can only set severity or runbook for the rules after it; add "to: [NAME]"`,
	}},
	{"rule-that-only-words", []string{
		`3:5: a rule without destinations can only set severity or runbook for the rules after it; add "to: [NAME]"`,
	}},
	{"rule-without-to", []string{
		`7:5: the rule has no destinations; add "to: [NAME]", or "to: []" to tell nobody`,
	}},
	{"rules-not-a-list", []string{
		`5:3: rules: expected a list of rules, each beginning with "- ", found keys with values`,
	}},
	{"runbook-hosts-with-path", []string{
		`1:17: runbook_hosts: "wiki.example.com/runbooks" is no host; write a host such as wiki.example.com, or *.example.com for all below it, without scheme and path`,
	}},
	{"runbook-http", []string{
		`7:52: runbook: not an address that people can open; write https://, a host and a path, at most 2048 characters`,
	}},
	{"several-mistakes", []string{
		`1:9: locale: unknown language "kr"; did you mean "ko"?`,
		`8:5: the last rule must match everything, so that no alert is lost; add a rule without match, such as "- to: [NAME]"`,
		`8:20: alarm: the expression does not compile: missing closing ]: "["; the syntax is RE2's`,
		`8:34: state: unknown state "BAD"; known: OK, ALARM, INSUFFICIENT_DATA`,
		`9:10: to: unknown destination "opps"; did you mean "ops"?`,
		`10:14: mention: unknown mention "onccall"; did you mean "oncall"?`,
	}},
	{"storm-alerts-is-text", []string{
		`1:17: alerts: "5" in quotes is a text to YAML; write it without`,
	}},
	{"storm-alerts-too-many", []string{
		`1:17: alerts: expected a whole number from 1 to 10, found "11"`,
	}},
	{"slack-bot-beside-slack", []string{
		`2:44: slack_bot: a destination has one of discord, slack and slack_bot; make two destinations and name both in to:`,
	}},
	{"slack-bot-without-channel", []string{
		`2:3: destinations: "ops" says slack_bot: but not where; add channel: with the channel's id, such as C0123456789`,
	}},
	{"storm-alerts-with-a-zero-in-front", []string{
		`1:17: alerts: expected a whole number from 1 to 10, found "010"`,
	}},
	{"storm-is-a-number", []string{
		`1:8: storm: expected keys with values (alerts, messages, window), found "10"`,
	}},
	{"storm-messages-zero", []string{
		`1:19: messages: expected a whole number from 1 to 20, found "0"`,
	}},
	{"storm-unknown-key", []string{
		`1:9: unknown key "mesages" in storm; did you mean "messages"?`,
	}},
	{"storm-window-is-a-number", []string{
		`1:17: window: "60" has no unit; write a duration such as 30s, 15m, 1h30m or 2d`,
	}},
	{"storm-window-too-short", []string{
		`1:17: window: "9s" is out of range; write a duration from 10s to 1h`,
	}},
	{"summary-is-a-placeholder-to-yaml", []string{
		`5:14: summary: to YAML, brackets without a dollar sign are keys with values; write a text, such as ${name}`,
	}},
	{"tab-indentation", []string{
		`2:1: not YAML: found character that cannot start any token; check quotes, brackets and indentation`,
	}},
	{"thread-at-slack-destination", []string{
		`2:43: thread: only Discord posts into threads; leave it out for Slack`,
	}},
	{"thread-at-slack-bot", []string{
		`2:67: thread: only Discord posts into threads; leave it out for Slack`,
	}},
	{"title-is-a-list", []string{
		`5:12: title: expected a text, found a list`,
	}},
	{"title-too-long", []string{
		`5:12: title: has 1001 characters; write at most 1000`,
	}},
	{"token-itself", []string{
		`2:20: slack_bot: this is a token, not a reference: a bot's token is a password; keep it in a parameter and write ssm:/alarmrelay/slack/bot, or env:NAME, file:PATH, secretsmanager:NAME`,
	}},
	{"thread-at-slack", []string{
		`7:55: thread: only Discord has threads, and no destination of this rule is Discord's`,
	}},
	{"thread-in-two-channels", []string{
		`6:13: thread: a thread lies in one channel, and this rule has 2 of Discord's; give the destinations a thread each`,
	}},
	{"thread-too-short", []string{
		`7:51: thread: "1234" is no thread; a thread's id has 17 to 20 digits (Copy Thread ID in Discord), and incident opens a post of a forum for each incident`,
	}},
	{"trusted-account-too-long", []string{
		`1:20: trusted_accounts: "1111222233334" is no account; an account id has twelve digits`,
	}},
	{"two-documents", []string{
		` the file holds several YAML documents; put everything into one, without --- between`,
	}},
	{"unclosed-bracket", []string{
		`6:1: not YAML: did not find expected ',' or ']'; check quotes, brackets and indentation`,
	}},
	{"unknown-anchor", []string{
		`5:9: not YAML: unknown anchor 'nobody' referenced; check quotes, brackets and indentation`,
	}},
	{"unknown-destination", []string{
		`7:37: to: unknown destination "opps"; did you mean "ops"?`,
	}},
	{"unknown-key-at-top", []string{
		`1:1: unknown key "desinations" in the file; did you mean "destinations"?`,
	}},
	{"unknown-key-far-off", []string{
		`1:1: unknown key "wibble" in the file; known: locale, timezone, accounts, trusted_accounts, allow_hosts, runbook_hosts, tags, destinations, mentions, graph, incidents, summary, rules, storm, retry, logs, metrics`,
	}},
	{"unknown-key-in-destination", []string{
		`2:37: unknown key "falback" in a destination; did you mean "fallback"?`,
	}},
	{"unknown-key-in-match", []string{
		`7:14: unknown key "alrm" in match; did you mean "alarm"?`,
	}},
	{"unknown-key-in-rule", []string{
		`7:6: unknown key "mach" in a rule; did you mean "match"?`,
	}},
	{"unknown-kind", []string{
		`7:20: kind: unknown kind "metric"; known: metric-alarm, composite-alarm, alarm-config, logs, budget, cost-anomaly, health, guardduty, security-hub, inspector, access-analyzer, trusted-advisor, rds, dms, elasticache, auto-scaling, ecs, ecr, codepipeline, codebuild, codedeploy, backup, cloudformation, elastic-beanstalk, ssm, devops-guru, app-insights, ses, s3, custom, event, json, text`,
	}},
	{"unknown-locale", []string{
		`1:9: locale: unknown language "de"; known: en, ko`,
	}},
	{"unknown-mention", []string{
		`7:52: mention: unknown mention "on-call"; did you mean "oncall"?`,
	}},
	{"unknown-section", []string{
		`1:1: unknown key "log" in the file; did you mean "logs"?`,
	}},
	{"unknown-severity-match", []string{
		`7:24: severity: unknown severity "critcal"; did you mean "critical"?`,
	}},
	{"unknown-severity", []string{
		`7:53: severity: unknown severity "urgent"; known: critical, high, warning, info`,
	}},
	{"unknown-state", []string{
		`7:29: state: unknown state "OKAY"; known: OK, ALARM, INSUFFICIENT_DATA`,
	}},
	{"unknown-tag", []string{
		`1:18: tags: unknown tag "owner"; known: severity, runbook, to, mention, mute`,
	}},
	{"unknown-timezone", []string{
		`1:11: timezone: no time zone is called "Asia/Soul"; write a name such as Asia/Seoul, Europe/Paris or UTC`,
	}},
	{"unreachable-rule", []string{
		`6:5: this rule is never asked: rule 1 on line 5 matches everything; put that one last, or give it "continue: true"`,
		`8:5: this rule is never asked: rule 1 on line 5 matches everything; put that one last, or give it "continue: true"`,
	}},
	{"username-discord", []string{
		`7:53: username: Discord refuses "My Discord Bot": no name may contain "clyde" or "discord", or be "here" or "everyone"`,
	}},
	{"username-everyone", []string{
		`7:53: username: Discord refuses "Everyone": no name may contain "clyde" or "discord", or be "here" or "everyone"`,
	}},
	{"username-too-long", []string{
		`7:53: username: a name of 81 characters; Discord takes at most 80`,
	}},
	{"webhook-address-as-name", []string{
		`2:3: destinations: this text can't name a destination; use letters, digits, - and _, at most 64`,
		`4:10: to: unknown destination "ops"; none is declared in this file`,
	}},
	{"webhook-address-without-scheme", []string{
		`2:16: slack: this is an address, not a reference: a webhook's address is a password; keep it in a parameter and write ssm:/alarmrelay/discord/ops, or env:NAME, file:PATH, secretsmanager:NAME`,
	}},
	{"webhook-address", []string{
		`2:18: discord: this is an address, not a reference: a webhook's address is a password; keep it in a parameter and write ssm:/alarmrelay/discord/ops, or env:NAME, file:PATH, secretsmanager:NAME`,
	}},
	{"webhook-reference-unknown-scheme", []string{
		`2:18: discord: not a reference: write where the webhook's address is kept, as ssm:NAME, secretsmanager:NAME, env:NAME or file:PATH`,
	}},
	{"words-with-mistakes", []string{
		`5:15: title: unknown placeholder "nmae"; did you mean "name"?`,
		`5:30: title: unknown function "uper"; did you mean "upper"?`,
		`5:38: title: dimension needs a dot and which one, such as ${dimension.InstanceId}`,
		`5:51: title: nothing can stand behind the dot of name; write ${name}`,
		`5:61: title: tag needs to know which one, such as ${tag.team}`,
		`6:23: summary: default takes a text; write default "none"`,
		`6:41: summary: cut takes a whole number from 1 to 1000; write cut 40`,
		`6:61: summary: number takes a whole number from 0 to 6; write number 1`,
		`6:71: summary: the placeholder is not closed; end it with }`,
		`10:15: fields: unknown placeholder "dimenson"; did you mean "dimension"?`,
		`13:22: fields: short takes nothing; write short`,
		`14:25: fields: {{ begins no placeholder; write ${name}`,
		`14:40: fields: a placeholder begins with a dollar sign; write ${name}`,
		`14:47: fields: a placeholder begins with a dollar sign; write ${dimension.InstanceId}`,
		`15:17: fields: unknown function "uper"; did you mean "upper"?`,
		`15:51: fields: a placeholder needs a name, such as ${name}`,
		`15:67: fields: expected a function behind |, such as default "none"`,
		`15:86: fields: the text is not closed; end it with another '`,
		`16:24: fields: default takes a text; write default "none"`,
		`16:47: fields: upper takes nothing; write upper`,
	}},
}
