package formatter

import (
	"fmt"
	"time"

	"alarmrelay/alert"
)

var (
	stormServices = []string{
		"checkout", "orders", "carts", "payments", "search", "images", "mail", "users", "stock", "pricing",
		"reviews", "coupons", "delivery", "returns", "sessions", "login", "feed", "reports", "ledger", "webhooks",
	}
	stormTroubles = []struct{ suffix, namespace string }{
		{"errors", "AWS/Lambda"}, {"cpu-utilization", "AWS/ECS"}, {"memory-utilization", "AWS/ECS"}, {"queue-age", "AWS/SQS"}, {"db-connections", "AWS/RDS"},
	}
)

// stormLines are n alarms of one account that went into ALARM within seven seconds; every fifteenth is over again, every
// fiftieth critical.
func stormLines(n int) []Line {
	lines := make([]Line, n)
	for i := range lines {
		service, trouble := stormServices[i%len(stormServices)], stormTroubles[i/len(stormServices)%len(stormTroubles)]
		name := "prod-" + service + "-" + trouble.suffix
		if round := i / (len(stormServices) * len(stormTroubles)); round > 0 {
			name = fmt.Sprintf("prod-%s-%d-%s", service, round+1, trouble.suffix)
		}
		l := Line{
			Key: "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:" + name, Kind: alert.KindMetricAlarm, Name: name,
			State: alert.StateAlarm, At: fired.Add(time.Duration(i%7) * time.Second),
			Account: "111122223333", Region: "ap-northeast-2", Partition: "aws", Namespace: trouble.namespace,
		}
		switch {
		case i%50 == 0:
			l.Severity = alert.SeverityCritical
		case i%15 == 14:
			l.State, l.Trail = alert.StateOK, []Step{{alert.StateAlarm, l.At}}
			l.At = l.At.Add(39 * time.Second)
		}
		lines[i] = l
	}
	return lines
}

// mixedLines are of every state and kind, from two accounts and three regions, with a history here and there.
func mixedLines() []Line {
	lines := stormLines(40)
	for i := range lines {
		l := &lines[i]
		switch i % 8 {
		case 1:
			l.Account, l.Region = "444455556666", "eu-west-1"
		case 2:
			l.Severity = alert.SeverityWarning
		case 3:
			l.State = alert.StateInsufficientData
		case 4:
			l.Severity = alert.SeverityInfo
		case 5:
			l.Account, l.Region, l.Partition, l.Namespace = "444455556666", "cn-north-1", "aws-cn", "Shop"
		case 6:
			l.Trail = []Step{{alert.StateAlarm, l.At.Add(-90 * time.Second)}, {alert.StateOK, l.At.Add(-60 * time.Second)}}
		case 7:
			l.At = l.At.Add(-36 * time.Hour)
		}
	}
	for _, a := range []alert.Alert{bounce(), budget(), logLines()} {
		a.Key = a.Name
		lines = append(lines, LineOf(&Item{Alert: a}))
	}
	return lines
}

// foreignLines have names that are long, of many scripts, or no names at all.
func foreignLines() []Line {
	lines := stormLines(12)
	for i, name := range []string{
		"주문 대기열 지연 (일괄 처리)", "支付服务-错误率-过高", "Ошибки очереди заказов", "ارتفاع زمن الاستجابة", "👩‍👩‍👧‍👦 가족 요금제 5xx", "é́́́́́́́́-accents",
	} {
		lines[i].Name = name
	}
	long := ""
	for range 51 {
		long += "긴이름-é"
	}
	lines[6].Name, lines[7].Name, lines[8].Name = long[:len(long)/2], fmt.Sprintf("%0255d", 7), ""
	return lines
}

// hostileLines have names that some service would take for something else than text.
func hostileLines() []Line {
	lines := stormLines(len(hostile))
	for i, name := range hostile {
		lines[i].Name, lines[i].Detail, lines[i].Namespace = "a"+name+"b", name, name
		lines[i].Account = name
		if i%3 == 0 {
			lines[i].State, lines[i].Kind = "", alert.KindGuardDuty
		}
	}
	return lines
}
