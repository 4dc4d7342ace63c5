package main

import (
	"math"
	"slices"
)

// What the relay uses for an alarm that comes alone. TestWhatAnAlarmUses measures what is said here of
// the relay's own doing.
const (
	readsPerAlarm  = 4       // of the table: its destination, what is known of it, what is muted, what the summary counts
	writesPerAlarm = 6       // the same but for what is muted, and the message, with the index that knows what is open
	lineBytes      = 330     // of the log, for each alarm and destination
	metricsBytes   = 420     // of the log, for each alarm: the metrics without dimension
	ownBytes       = 400     // of the log, for each alarm and destination: its metrics, with per_destination
	messageBytes   = 2_500   // to the chat service, for each alarm and destination
	itemBytes      = 2 << 10 // in the table, for each alarm and destination, at most: what is known of it, and what its message shows

	// What a tick takes while nothing is open or in ALARM. TestWhatATickUses measures it.
	readsPerTick  = 6   // items of the table, and what the index is asked for
	writesPerTick = 2   // that a tick is at work, and that it is done
	asksPerTick   = 1   // of CloudWatch: DescribeAlarms
	tickBytes     = 200 // of the log

	// What is read with an alarm's bytes: CloudWatch's own for each line of a log, and those of TLS and TCP.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	lineOverhead    = 26
	messageOverhead = 300

	// A message is sent, received and deleted.
	queueRequests = 3
	// While the queue is empty, Lambda asks it by five connections at once, each for 20 s.
	// https://aws.amazon.com/blogs/compute/understanding-how-aws-lambda-scales-when-subscribed-to-amazon-sqs-queues/
	idleReceives = 5 * monthSeconds / 20
	monthSeconds = monthHours * 60 * 60
	monthHours   = 30 * 24
	// ticks of a month: template.yaml's schedule has one every five minutes.
	ticks = monthSeconds / 300

	// metricNames are those that an hour without trouble sends, and metricNamesDestination those of each
	// destination, with per_destination: docs/metrics.md.
	metricNames            = 5
	metricNamesDestination = 4

	// ownAlarms are how many alarms of template.yaml watch the relay.
	ownAlarms  = 7
	tickAlarms = 1 // and how many more where there are ticks

	// An image makes the function wait and the message larger. These two are assumed: nothing draws one yet.
	graphSeconds = 0.4
	graphBytes   = 30_000
)

// The architectures of a function.
const (
	arm = "arm64"
	x86 = "x86_64"
)

// usage is what a month is like.
type usage struct {
	Alarms         int     `json:"alarms"`
	Destinations   int     `json:"destinations"`
	Seconds        float64 `json:"seconds"` // that one invocation is billed
	MemoryMB       int     `json:"memory_mb"`
	Architecture   string  `json:"architecture"`
	Graphs         bool    `json:"graphs"`
	PerDestination bool    `json:"per_destination_metrics"`
	Ticks          bool    `json:"ticks"`
	Dashboard      bool    `json:"dashboard"`
	Secrets        int     `json:"secrets"` // webhooks that lie in Secrets Manager
}

// The parts of a bill.
const (
	atRest    = "At rest"
	forTicks  = "Looking after open alarms, every 5 minutes"
	forAlarms = "For the alarms"
	forGraphs = "A graph in each message adds"
)

// bill is what a month costs.
type bill struct {
	Region string     `json:"region"`
	AsOf   string     `json:"prices_as_of"`
	Usage  usage      `json:"usage"`
	Lines  []billLine `json:"lines"`
	Cost   float64    `json:"cost"`
	Left   float64    `json:"cost_less_free_tier"`
}

// billLine is one thing that AWS counts.
type billLine struct {
	Part     string  `json:"part"`
	What     string  `json:"what"`
	Quantity float64 `json:"quantity"`
	Price    price   `json:"price"`
	Cost     float64 `json:"cost"`
	Left     float64 `json:"cost_less_free_tier"` // where nothing else in the account uses it
}

// newBill adds up what a month costs.
func newBill(u usage) bill {
	b := bill{Region: pricesRegion, AsOf: pricesAsOf, Usage: u}
	used := map[price]float64{} // the free units are there once
	for _, l := range slices.Concat(restLines(u), tickLines(u), alarmLines(u), graphLines(u)) {
		free := max(0, l.Price.Free-used[l.Price])
		l.Cost = rounded(l.Quantity / l.Price.Per * l.Price.Dollars)
		l.Left = rounded(max(0, l.Quantity-free) / l.Price.Per * l.Price.Dollars)
		used[l.Price] += l.Quantity
		b.Lines = append(b.Lines, l)
		b.Cost = rounded(b.Cost + l.Cost)
		b.Left = rounded(b.Left + l.Left)
	}
	return b
}

// rounded keeps what a ten-thousandth of a cent is off.
func rounded(dollars float64) float64 { return math.Round(dollars*1e6) / 1e6 }

// part sums up a part of the bill.
func (b bill) part(name string) (cost, left float64) {
	for _, l := range b.Lines {
		if l.Part == name {
			cost += l.Cost
			left += l.Left
		}
	}
	return cost, left
}

func restLines(u usage) []billLine {
	lines := []billLine{
		{Part: atRest, What: "SQS, Lambda asks the empty queue", Quantity: idleReceives, Price: priceQueue},
		{Part: atRest, What: "CloudWatch, alarms on the relay itself", Quantity: ownAlarms, Price: priceAlarm},
	}
	if u.Dashboard {
		lines = append(lines, billLine{Part: atRest, What: "CloudWatch, the dashboard", Quantity: 1, Price: priceDashboard})
	}
	if u.Secrets > 0 {
		lines = append(lines, billLine{Part: atRest, What: "Secrets Manager, webhooks", Quantity: float64(u.Secrets), Price: priceSecret})
	}
	return lines
}

// tickLines are what the schedule costs while nothing is open. What there is to say then is told, and costs, as an alarm does.
func tickLines(u usage) []billLine {
	if !u.Ticks {
		return nil
	}
	return []billLine{
		{Part: forTicks, What: "EventBridge Scheduler", Quantity: ticks, Price: priceSchedule},
		{Part: forTicks, What: "Lambda, requests", Quantity: ticks, Price: priceInvocation},
		{Part: forTicks, What: "Lambda, duration", Quantity: ticks * u.Seconds * float64(u.MemoryMB) / 1024, Price: compute(u.Architecture)},
		{Part: forTicks, What: "DynamoDB, reads", Quantity: ticks * readsPerTick, Price: priceRead},
		{Part: forTicks, What: "DynamoDB, writes", Quantity: ticks * writesPerTick, Price: priceWrite},
		{Part: forTicks, What: "CloudWatch, DescribeAlarms", Quantity: ticks * asksPerTick, Price: priceAsk},
		{Part: forTicks, What: "CloudWatch, logs", Quantity: ticks * tickBytes / float64(gigabyte), Price: priceLog},
		{Part: forTicks, What: "CloudWatch, the metric Ticks", Quantity: 1, Price: priceMetric},
		{Part: forTicks, What: "CloudWatch, the alarm on it", Quantity: tickAlarms, Price: priceAlarm},
	}
}

func alarmLines(u usage) []billLine {
	alarms, told := float64(u.Alarms), float64(u.Alarms)*float64(u.Destinations)
	logged := alarms*metricsBytes + told*lineBytes
	names := float64(metricNames)
	if u.PerDestination {
		logged += told * ownBytes
		names += float64(metricNamesDestination * u.Destinations)
	}
	return []billLine{
		{Part: forAlarms, What: "SNS, publish", Quantity: alarms, Price: pricePublish},
		{Part: forAlarms, What: "SQS, send, receive and delete", Quantity: alarms * queueRequests, Price: priceQueue},
		{Part: forAlarms, What: "Lambda, requests", Quantity: alarms, Price: priceInvocation},
		{Part: forAlarms, What: "Lambda, duration", Quantity: alarms * u.Seconds * float64(u.MemoryMB) / 1024, Price: compute(u.Architecture)},
		{Part: forAlarms, What: "DynamoDB, reads", Quantity: told * readsPerAlarm, Price: priceRead},
		{Part: forAlarms, What: "DynamoDB, writes", Quantity: told * writesPerAlarm, Price: priceWrite},
		{Part: forAlarms, What: "DynamoDB, storage", Quantity: told * itemBytes / gigabyte, Price: priceTable},
		{Part: forAlarms, What: "DynamoDB, point-in-time recovery", Quantity: told * itemBytes / gigabyte, Price: priceBackup},
		{Part: forAlarms, What: "CloudWatch, logs", Quantity: logged / gigabyte, Price: priceLog},
		// A metric costs in the hours in which it is sent: at most, each alarm has an hour of its own.
		{Part: forAlarms, What: "CloudWatch, the relay's metrics", Quantity: names * min(1, alarms/monthHours), Price: priceMetric},
		{Part: forAlarms, What: "Messages to the internet", Quantity: told * messageBytes / gigabyte, Price: priceTransfer},
	}
}

func graphLines(u usage) []billLine {
	if !u.Graphs {
		return nil
	}
	alarms := float64(u.Alarms)
	return []billLine{
		{Part: forGraphs, What: "CloudWatch, GetMetricWidgetImage", Quantity: alarms, Price: priceGraphMetric},
		{Part: forGraphs, What: "Lambda, duration", Quantity: alarms * graphSeconds * float64(u.MemoryMB) / 1024, Price: compute(u.Architecture)},
		{Part: forGraphs, What: "Images to the internet", Quantity: alarms * float64(u.Destinations) * graphBytes / gigabyte, Price: priceTransfer},
	}
}
