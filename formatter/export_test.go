package formatter

// Digests and Histories are for the tests that hold messages against the fakes.
var (
	Digests   = digests
	Histories = histories
)
