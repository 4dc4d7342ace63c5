package formatter

// These are for the tests that hold messages against the fakes.
var (
	Digests   = digests
	Histories = histories
	Lives     = lives
	Updates   = updates

	ManyReminders = reminders
	Summaries     = summaries
)
