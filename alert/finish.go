package alert

import (
	"net/url"
	"strings"
)

// What a form's fields cannot say.

// rdsEvent takes the event's number from an address, and the link and the
// name from one text: old messages write "https://...\nSourceId: name" there.
func rdsEvent(a *Alert, t tree) {
	_, id, _ := strings.Cut(t.say("{Event ID}"), "#")
	a.Notice.add("Event", strings.TrimSpace(id), true)
	link, rest, _ := strings.Cut(t.say("{Identifier Link}"), "\n")
	if _, name, ok := strings.Cut(rest, "SourceId:"); ok {
		a.Name = firstOf(a.Name, strings.TrimSpace(name))
	}
	if link = strings.TrimSpace(link); isConsole(link) {
		a.Notice.Links = append(a.Notice.Links, Link{"Console", link})
	}
}

// deployError opens errorInformation where CodeDeploy sends it as JSON in a string.
func deployError(a *Alert, t tree) {
	inside := growTree([]byte(t.say("{errorInformation}")))
	a.Reason = firstOf(a.Reason, inside.say("{ErrorMessage}"))
	a.Notice.add("Error", inside.say("{ErrorCode}"), true)
}

// failedPhase says why a build failed. The context of a phase is a list, or a
// list written as text, that holds "" or ": " where there is nothing to tell.
func failedPhase(a *Alert, t tree) {
	a.Reason = strings.Trim(t.say("{detail.completed-phase-context}"), "[]: ")
	for _, phase := range t.rows("detail.additional-information.phases") {
		if a.Reason == "" && phase.say("{phase-status}") != "SUCCEEDED" {
			a.Reason = strings.Trim(phase.say("{phase-context}"), "[]: ")
		}
	}
	a.Reason = shorten(a.Reason, maxText)
}

// stackName takes the name out of an ARN that ends in stack/NAME/ID.
func stackName(a *Alert, t tree) {
	_, _, resource, _ := splitARN(t.say("{detail.stack-id}"))
	if name, ok := strings.CutPrefix(resource, "stack/"); ok {
		a.Name, _, _ = strings.Cut(name, "/")
	}
}

// serviceCluster takes a service's cluster out of its ARN, service/CLUSTER/NAME,
// where a deployment's event tells it nowhere else.
func serviceCluster(a *Alert, t tree) {
	_, _, resource, _ := splitARN(t.say("{resources.0}"))
	if parts := strings.Split(resource, "/"); len(parts) == 3 && t.say("{detail.clusterArn}") == "" {
		a.Notice.add("Cluster", parts[1], true)
	}
}

// objectKey undoes S3's encoding, in which a space is "+".
func objectKey(a *Alert, t tree) {
	key := t.say("{s3.object.key}")
	if plain, err := url.QueryUnescape(key); err == nil {
		key = plain
	}
	a.Notice.add("Object", shorten(key, 1024), true)
}

// customText moves a custom notification's text to where its own Markdown is
// read, and writes its links, which are Slack's, as text and address.
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
func customText(a *Alert, _ tree) {
	a.Description, a.Reason = openLinks(a.Reason), ""
	for i := range a.Notice.Fields {
		a.Notice.Fields[i].Value = openLinks(a.Notice.Fields[i].Value)
	}
}

// openLinks turns <https://example.com|label> into label (https://example.com).
func openLinks(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<http")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, ">")
		address, name, named := strings.Cut(inside, "|")
		switch {
		case !closed:
			b.WriteString("<http" + rest)
			return b.String()
		case named:
			b.WriteString(name + " (http" + address + ")")
		default:
			b.WriteString("http" + address)
		}
		s = after
	}
}
