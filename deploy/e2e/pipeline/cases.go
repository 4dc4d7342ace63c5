package main

import "context"

// trial is something that happens to a deployed relay. run returns in few words what was seen, and an
// error that says what was expected and what there was instead.
type trial struct {
	name, says string
	updated    bool // it needs the longer configuration
	run        func(*town, context.Context) (seen string, err error)
}

// cases happen in this order.
var cases = []trial{
	{"mistakes", "sam deploy with parameters that can't be right", false, (*town).mistakes},
	{"alarm", "a real alarm goes off and recovers, as deployed by a newcomer", false, (*town).alarmGoesOffAndRecovers},
	{"flap", "it goes off again soon after it recovered", false, (*town).alarmFlaps},
	{"slack", "the same as the first in Slack, with a new version that knows more destinations", true, (*town).slackIsToldToo},
	{"poison", "what nobody can read lies among good messages", true, (*town).poisonAmongGoodOnes},
	{"outage", "Discord answers 503 for a while", true, (*town).outage},
	{"dead", "a webhook is deleted, replaced, and what it missed is put back", true, (*town).deadWebhook},
	{"twice", "the queue is given the same notice twice", true, (*town).sameNoticeTwice},
	{"direct", "an alarm invokes the function without topic and queue", true, (*town).directInvocation},
	{"failed", "the same while the function can't reach its queue", true, (*town).failedInvocation},
	{"mute", "alarmrelay mute keeps an alarm quiet, and unmute tells what still fires", true, (*town).mute},
	{"ack", "alarmrelay ack by somebody who may invoke the function and nothing else", true, (*town).ack},
	{"tick", "the schedule's order is carried out", true, (*town).tick},
	{"forgotten", "a tick announces what was never told, reminds, and heals an OK that was lost", true, (*town).forgotten},
	{"storm", "60 alarms go off at once, and recover at once", true, (*town).storm},
	{"policy", "a topic that does not let CloudWatch in", true, (*town).topicThatRefuses},
	{"test-alarm", "alarmrelay test-alarm tries the whole path", true, (*town).testAlarm},
	{"quiet", "no secret, no missing permission and no stranger in all of this", true, (*town).nothingLeaked},
	{"delete", "the stack is deleted, and what was told is kept", false, (*town).stackIsDeleted},
}

func caseNames() (names []string) {
	for _, c := range cases {
		names = append(names, c.name)
	}
	return names
}

// chosen returns the case of a name, and all for none.
func chosen(only string) (some []trial) {
	for _, c := range cases {
		if only == "" || c.name == only {
			some = append(some, c)
		}
	}
	return some
}
