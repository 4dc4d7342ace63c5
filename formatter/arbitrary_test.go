package formatter

import (
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"alarmrelay/alert"
)

// hostile are pieces that some service would take for something else than text.
var hostile = []string{
	"@everyone", "@here", "<@123456789012345678>", "<@&123456789012345678>", "<!here>", "<!channel>", "<#123>", "</x:1>", "<t:1:R>", "<:x:1>",
	"[a](https://evil.example)", "](", "[", "]", "(", ")", "<https://evil.example|a>", "https://evil.example/a_b*c", "http://evil.example", "discord.gg/x",
	"`", "``", "```", "````", "\n```\n", "*", "**", "_", "__", "~~", "||", "\\", "\n# x", "\n> x", "\n- x", "\n1. x", "-# x", "&", "&lt;", "&amp;", "<", ">", "|",
	":smile:", ":", "\u202e", "\u200b", "\u200d", "\x00", "\x1b[31m", "\xff", "👩‍👩‍👧‍👦", "🇰🇷🇰", "👍🏽", "e\u0301\u0301", "한글", "각", "界", " ", "\n", "\t", "a", "prod-api",
	"password=hunter2", "AKIAIOSFODNN7EXAMPLE", "{", "}", "Threshold Crossed: ", "=", "%", "\"", "'", "$",
}

func hostileText(most int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pieces := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(hostile), rapid.StringN(0, 5, -1)), 0, 12).Draw(t, "pieces")
		s := strings.Join(pieces, "")
		if n := rapid.IntRange(0, 40).Draw(t, "repeat"); n > 35 && s != "" {
			s = strings.Repeat(s, 1+most/len(s))
		}
		return s
	})
}

func anyTime() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "zero") {
			return time.Time{}
		}
		return fired.Add(time.Duration(rapid.IntRange(-400_000, 400_000).Draw(t, "s")) * time.Second)
	})
}

func anyMetric() *rapid.Generator[*alert.MetricAlarm] {
	return rapid.Custom(func(t *rapid.T) *alert.MetricAlarm {
		m := &alert.MetricAlarm{
			Comparison: rapid.SampledFrom([]string{"", atLeast, above, below, atMost, "GreaterThanUpperThreshold", "LessThanLowerOrGreaterThanUpperThreshold", "?"}).Draw(t, "comparison"),
			Period:     rapid.IntRange(-1, 90000).Draw(t, "period"), Evaluations: rapid.IntRange(0, 20).Draw(t, "evaluations"), Datapoints: rapid.IntRange(0, 20).Draw(t, "datapoints"),
			Values: rapid.SliceOfN(rapid.Float64(), 0, 5).Draw(t, "values"), Missing: rapid.Bool().Draw(t, "missing"),
			Lower: rapid.SliceOfN(rapid.Float64(), 0, 3).Draw(t, "lower"), Upper: rapid.SliceOfN(rapid.Float64(), 0, 3).Draw(t, "upper"),
		}
		if rapid.Bool().Draw(t, "threshold") {
			m.Threshold = new(rapid.Float64().Draw(t, "limit"))
		}
		for range rapid.IntRange(0, 3).Draw(t, "queries") {
			q := alert.Query{
				ID: hostileText(10).Draw(t, "id"), Label: hostileText(50).Draw(t, "label"), Returned: rapid.Bool().Draw(t, "returned"),
				Namespace: rapid.SampledFrom([]string{"AWS/EC2", "AWS/Lambda", "AWS/SQS", "Shop/<@1>"}).Draw(t, "namespace"),
				Name:      hostileText(300).Draw(t, "name"), Stat: hostileText(20).Draw(t, "stat"), Unit: rapid.SampledFrom([]string{"", "Bytes", "Percent", "Bits/Second", "`<@1>"}).Draw(t, "unit"),
			}
			if rapid.Bool().Draw(t, "math") {
				q.Expression = hostileText(3000).Draw(t, "expression")
			}
			for range rapid.SampledFrom([]int{0, 1, 3, 500}).Draw(t, "dimensions") {
				q.Dimensions = append(q.Dimensions, alert.Dimension{Name: rapid.SampledFrom([]string{"FunctionName", "InstanceId", "`<@1>"}).Draw(t, "name"), Value: hostileText(300).Draw(t, "value")})
				if len(q.Dimensions) > 4 { // many, but not drawn one by one
					for len(q.Dimensions) < 500 {
						q.Dimensions = append(q.Dimensions, alert.Dimension{Name: "d" + strings.Repeat("x", len(q.Dimensions)%50), Value: strings.Repeat("`", len(q.Dimensions))})
					}
					break
				}
			}
			m.Queries = append(m.Queries, q)
		}
		return m
	})
}

func anyAlert() *rapid.Generator[alert.Alert] {
	return rapid.Custom(func(t *rapid.T) alert.Alert {
		a := alert.Alert{
			Kind:   rapid.SampledFrom(alert.Kinds()).Draw(t, "kind"),
			Name:   hostileText(2000).Draw(t, "name"),
			Reason: hostileText(9000).Draw(t, "reason"), Description: hostileText(9000).Draw(t, "description"),
			Account: rapid.SampledFrom([]string{"", "111122223333", "x"}).Draw(t, "account"), Partition: rapid.SampledFrom([]string{"", "aws", "aws-cn", "aws-iso"}).Draw(t, "partition"),
			Region:   rapid.SampledFrom([]string{"", "eu-west-1", "cn-north-1", "<@1>.evil.example/"}).Draw(t, "region"),
			Severity: rapid.SampledFrom([]alert.Severity{"", "critical", "warning", "info", "<@1>"}).Draw(t, "severity"),
			Runbook:  rapid.SampledFrom([]string{"", "https://wiki.example.com/a?b=c&d=(e)|f", "javascript:alert(1)", "https://a@evil.example"}).Draw(t, "runbook"),
			Previous: rapid.SampledFrom([]alert.State{"", alert.StateOK, alert.StateAlarm, "<!here>"}).Draw(t, "previous"), ChangedAt: anyTime().Draw(t, "at"), PreviousAt: anyTime().Draw(t, "before"),
		}
		if a.Kind == alert.KindMetricAlarm || a.Kind == alert.KindCompositeAlarm {
			a.State = rapid.SampledFrom([]alert.State{alert.StateOK, alert.StateAlarm, alert.StateInsufficientData, "<!here>"}).Draw(t, "state")
			a.Metric = anyMetric().Draw(t, "metric")
			if rapid.Bool().Draw(t, "real reason") {
				a.Reason = "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (21/11/26 03:01:00)] was greater than the threshold (0.5)"
			}
		}
		if a.Kind == alert.KindCompositeAlarm {
			a.Metric, a.Composite = nil, &alert.Composite{Rule: hostileText(9000).Draw(t, "rule"), SuppressedBy: hostileText(300).Draw(t, "suppressor")}
			child := alert.Child{Name: hostileText(300).Draw(t, "child"), State: alert.StateAlarm, At: anyTime().Draw(t, "child at")}
			for range rapid.SampledFrom([]int{0, 1, 100}).Draw(t, "children") {
				a.Composite.Children = append(a.Composite.Children, child)
			}
		}
		if a.Kind == alert.KindLogs {
			a.Logs = &alert.LogBatch{Group: hostileText(300).Draw(t, "group"), Stream: hostileText(300).Draw(t, "stream"), Filters: []string{hostileText(90).Draw(t, "filter")}}
			line := alert.LogLine{Text: hostileText(9000).Draw(t, "line"), At: anyTime().Draw(t, "line at")}
			for range rapid.SampledFrom([]int{0, 1, 1000}).Draw(t, "lines") {
				a.Logs.Lines = append(a.Logs.Lines, line)
			}
		}
		if a.State == "" && a.Logs == nil {
			a.Notice = anyNotice().Draw(t, "notice")
		}
		return a
	})
}

func anyNotice() *rapid.Generator[*alert.Notice] {
	return rapid.Custom(func(t *rapid.T) *alert.Notice {
		n := &alert.Notice{
			Service: hostileText(100).Draw(t, "service"), Status: hostileText(100).Draw(t, "status"), Text: hostileText(9000).Draw(t, "text"), Good: rapid.Bool().Draw(t, "good"),
			Links: []alert.Link{{Label: hostileText(100).Draw(t, "link"), URL: "https://eu-west-1.console.aws.amazon.com/" + strings.Repeat("x", rapid.IntRange(0, 4000).Draw(t, "length"))}},
		}
		f := alert.Field{Label: hostileText(400).Draw(t, "label"), Value: hostileText(3000).Draw(t, "value"), Code: rapid.Bool().Draw(t, "code")}
		for range rapid.SampledFrom([]int{0, 1, 40}).Draw(t, "fields") {
			n.Fields = append(n.Fields, f)
		}
		if rapid.Bool().Draw(t, "budget") {
			n.Budget = &alert.Budget{Limit: hostileText(900).Draw(t, "limit"), Actual: hostileText(90).Draw(t, "actual"), Threshold: hostileText(90).Draw(t, "threshold"), Percent: hostileText(90).Draw(t, "percent")}
		}
		return n
	})
}

func anyNoticeOfMany() *rapid.Generator[Notice] {
	return rapid.Custom(func(t *rapid.T) Notice {
		n := Notice{Arrived: anyTime().Draw(t, "arrived"), InsteadOf: hostileText(300).Draw(t, "instead of")}
		for range rapid.SampledFrom([]int{0, 1, 1, 2, 12}).Draw(t, "items") {
			it := Item{Alert: anyAlert().Draw(t, "alert"), Since: anyTime().Draw(t, "since"), Trail: anyTrail().Draw(t, "trail"), Repeat: rapid.Bool().Draw(t, "repeat")}
			if rapid.Bool().Draw(t, "old news") {
				it.Later = new(anyStep().Draw(t, "later"))
			}
			if rapid.Bool().Draw(t, "edited") {
				anyLife(t, &it)
			}
			if rapid.Bool().Draw(t, "flood") {
				it.Flood = &Flood{Batches: rapid.IntRange(-1, 9).Draw(t, "batches"), Lines: rapid.IntRange(-1, 9000).Draw(t, "lines"), Began: anyTime().Draw(t, "began")}
			}
			if rapid.Bool().Draw(t, "mention") {
				it.Mentions = []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "user", ID: "1> @everyone"}, {Kind: "subteam", ID: "S012ABC"}}
			}
			n.Items = append(n.Items, it)
		}
		return n
	})
}

// anyLife draws what is said of an alarm whose message is edited.
func anyLife(t *rapid.T, it *Item) {
	it.Shown, it.Closed, it.Fires = rapid.Bool().Draw(t, "shown"), rapid.Bool().Draw(t, "closed"), rapid.IntRange(-1, 90).Draw(t, "fires")
	it.Kept = rapid.SampledFrom([]string{"", pictureID, "../0"}).Draw(t, "kept")
	if rapid.Bool().Draw(t, "acked") {
		it.Acked = &Acked{By: hostileText(300).Draw(t, "by"), At: anyTime().Draw(t, "acked at")}
	}
	if rapid.Bool().Draw(t, "graph") {
		it.Graph = &Graph{
			Values: rapid.SliceOfN(rapid.Float64(), 0, 40).Draw(t, "graph's values"), Span: time.Duration(rapid.IntRange(-1, 400_000).Draw(t, "span")) * time.Second,
			PNG: rapid.SampledFrom([][]byte{nil, aPicture}).Draw(t, "picture"),
		}
	}
	for range rapid.SampledFrom([]int{0, 1, 3, 30}).Draw(t, "related") {
		if len(it.Related) == 3 { // many, but not drawn one by one
			for len(it.Related) < 30 {
				it.Related = append(it.Related, it.Related[len(it.Related)%3])
			}
			break
		}
		it.Related = append(it.Related, Related{
			Name: hostileText(300).Draw(t, "related name"), State: anyStep().Draw(t, "related state").State,
			Link: anyMessageLink().Draw(t, "related link"), Parent: rapid.Bool().Draw(t, "parent"),
		})
	}
}

// anyMessageLink is the address of a message, or what must not become one.
func anyMessageLink() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", messageURL, messageURL, "https://shop.slack.com/archives/C012/p1?thread_ts=1.2&cid=C012", "https://evil.example/)[x](https://b", "javascript:alert(1)", "<!here>", "https://a.example|b>"})
}

func anyStep() *rapid.Generator[Step] {
	return rapid.Custom(func(t *rapid.T) Step {
		return Step{rapid.SampledFrom([]alert.State{alert.StateOK, alert.StateAlarm, alert.StateInsufficientData, "", "<!here>"}).Draw(t, "state"), anyTime().Draw(t, "at")}
	})
}

func anyTrail() *rapid.Generator[[]Step] {
	return rapid.Custom(func(t *rapid.T) []Step {
		steps := rapid.SliceOfN(anyStep(), 0, 4).Draw(t, "steps")
		if len(steps) > 0 && rapid.Bool().Draw(t, "long") {
			for i := range 40 {
				steps = append(steps, Step{steps[0].State, steps[0].At.Add(time.Duration(i) * time.Second)})
			}
		}
		return steps
	})
}

func anyLine() *rapid.Generator[Line] {
	return rapid.Custom(func(t *rapid.T) Line {
		if rapid.Bool().Draw(t, "of an alert") {
			it := Item{Alert: anyAlert().Draw(t, "alert"), Trail: anyTrail().Draw(t, "trail")}
			anyLife(t, &it)
			it.Key = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "key")
			return LineOf(&it)
		}
		return Line{
			Key: rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "key"), Kind: rapid.SampledFrom(alert.Kinds()).Draw(t, "kind"),
			Name: hostileText(2000).Draw(t, "name"), Detail: hostileText(300).Draw(t, "detail"), Lines: rapid.IntRange(-1, 9000).Draw(t, "lines"),
			State:    rapid.SampledFrom([]alert.State{alert.StateOK, alert.StateAlarm, alert.StateAlarm, alert.StateInsufficientData, "", "<!here>"}).Draw(t, "state"),
			Severity: rapid.SampledFrom([]alert.Severity{"", "critical", "high", "warning", "info", "<@1>"}).Draw(t, "severity"),
			Closed:   rapid.Bool().Draw(t, "closed"), Acked: hostileText(300).Draw(t, "acked"),
			Good: rapid.Bool().Draw(t, "good"), At: anyTime().Draw(t, "at"), Trail: anyTrail().Draw(t, "trail"),
			Account: rapid.SampledFrom([]string{"", "111122223333", "@everyone"}).Draw(t, "account"), Partition: rapid.SampledFrom([]string{"", "aws", "aws-cn"}).Draw(t, "partition"),
			Region: rapid.SampledFrom([]string{"", "eu-west-1", "cn-north-1", "<@1>.evil.example/"}).Draw(t, "region"), Namespace: hostileText(300).Draw(t, "namespace"),
		}
	})
}

// anyDigest has few lines or many; of many most differ by a number only.
func anyDigest() *rapid.Generator[Digest] {
	return rapid.Custom(func(t *rapid.T) Digest {
		d := Digest{
			Lines: rapid.SliceOfN(anyLine(), 0, 12).Draw(t, "lines"), Earlier: rapid.IntRange(-1, 2000).Draw(t, "earlier"), Room: rapid.IntRange(-1, 5).Draw(t, "room"),
			Arrived: anyTime().Draw(t, "arrived"), InsteadOf: hostileText(300).Draw(t, "instead of"),
		}
		if many := rapid.SampledFrom([]int{0, 0, 0, 50, 250}).Draw(t, "many"); many > 0 && len(d.Lines) > 0 {
			for i, first := 0, len(d.Lines); i < many; i++ {
				l := d.Lines[i%first]
				l.Key, l.Name = strconv.Itoa(i), strconv.Itoa(i)+l.Name
				d.Lines = append(d.Lines, l)
			}
		}
		if rapid.Bool().Draw(t, "mention") {
			d.Mentions = []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "user", ID: "1> @everyone"}, {Kind: "subteam", ID: "S012ABC"}}
		}
		return d
	})
}
