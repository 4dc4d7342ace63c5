package formatter

// form is how a service writes what is said.
type form struct {
	notice func(Notice, Style) []Message
	digest func(Digest, Style) []Message
	update func(news, []Mention) Message

	frame    func(teller) frame
	page     func(t teller, said *told, n int, mentions []Mention) Message
	reminder func(teller, reminded, []Mention) Message
}

// formOf returns a service's form. It is the one place that tells the services apart.
func formOf(s Service) form {
	if s == ServiceSlack {
		return form{Slack, slackDigest, slackUpdate, teller.slackFrame, teller.slackPage, teller.slackReminder}
	}
	return form{Discord, discordDigest, discordUpdate, func(teller) frame { return discordFrame() }, teller.discordPage, teller.discordReminder}
}

// Format says a notice in the form of a service, as [Discord] and [Slack] do.
func Format(service Service, n Notice, s Style) []Message { return formOf(service).notice(n, s) }

// DigestOf says many alerts at once: a [Message] for as many as fit, at most d.Room of
// them, each within every limit of the service; none for a digest without lines. The first message has the
// mentions and the sentence that a phone shows. A digest in which nothing fires is silent unless somebody is
// mentioned, and so is every message after the first where the service can be. Plain is nil: a
// digest that is refused is better told alert by alert.
//
// Lines of one Key are told as one: the newest, with the older in its trail. The order of lines of different keys
// does not matter: the same lines give the same messages, so that a digest that grew is said anew as a whole.
// Message.Items are the places in d.Lines that a message says; each line is said by exactly one message.
//
// Where all names fit, each has a line of its own, under the title of its state ("🔴 ALARM · 187"), in an embed or attachment of its
// colour, and there below a heading of what its neighbours share ("**AWS/Lambda** (40)"):
//
//	🔴 NAME [→](CONSOLE) <t:UNIX:T> 👀 WHO (🟢 <t:UNIX:T> → 🔴 <t:UNIX:T>)
//
// The emoji is the state: 🔴, 🟠 and 🔵 are ALARM by severity, ⚪ is INSUFFICIENT_DATA, or that it fired anew elsewhere, and 🟢 is OK.
// Above them it says how many have recovered, once some have. The first time is the one at
// which it came; earlier states follow in brackets, oldest first. The link is there for the worst, the brackets
// where something came before. A time of another day has its date in front: <t:UNIX:d> <t:UNIX:T>. In Slack the link is <URL|→> and a time
// <!date^UNIX^{time_secs}|...>. Names are whole, with the service's markup escaped.
//
// Where they don't fit there is one message: the worst as such lines, and how many there are of what. On
// Discord the complete list is attached as alarms.txt, in UTF-8 with a line for each and tabs between its columns: state
// (CLOSED where it fired anew elsewhere), severity, time, account, region, namespace, name, earlier states. In Slack a link leads to the console's list.
func DigestOf(service Service, d Digest, s Style) []Message { return formOf(service).digest(d, s) }
