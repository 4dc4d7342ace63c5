package formatter

import (
	"strconv"
	"strings"

	"alarmrelay/alert"
)

func wordsKo() *words {
	return &words{
		Alarm: "경보", OK: "정상", Resolved: "해결", NoData: "데이터 부족",
		Composite: "(복합)", Notice: "알림",
		LogLine: func(n int) string { return "로그 " + number(float64(n), digits) + "줄" },
		AlarmConfig: func(operation string) string {
			switch operation {
			case "create":
				return "경보 생성:"
			case "delete":
				return "경보 삭제:"
			}
			return "경보 변경:"
		},
		Labels: labelsKo(),
		Severities: map[alert.Severity]string{
			alert.SeverityCritical: "심각", alert.SeverityHigh: "높음", alert.SeverityWarning: "경고", alert.SeverityInfo: "정보",
		},

		InAlarm:  func(name, region string) string { return name + " 경보 발생" + inBrackets(region) },
		BackToOK: func(name, after string) string { return name + " 정상으로 돌아옴" + afterKo(after) },
		Lacking:  func(name string) string { return name + " 데이터 부족" },
		LogNews: func(n int, group string) string {
			return group + " 로그 " + number(float64(n), digits) + "줄"
		},
		Several: func(alarms, all int, names string) string {
			if alarms == 0 {
				return "알림 " + strconv.Itoa(all) + "건: " + names
			}
			return "경보 " + strconv.Itoa(alarms) + "건 발생: " + names
		},
		Digest: digestKo,
		Gathered: func(alarms, notices int) string {
			about, more := "경보 "+number(float64(alarms), digits)+"건", "알림 "+number(float64(notices), digits)+"건"
			switch {
			case notices == 0:
				return about
			case alarms == 0:
				return more
			}
			return about + ", " + more
		},
		Earlier: func(n int) string {
			return "이번 폭주의 이전 알림 " + number(float64(n), digits) + "건은 위에 있습니다."
		},

		Breach:    breachKo,
		Recovered: func(f finding) text { return unmetKo(f, ")에서 벗어났습니다.") },
		Fine:      func(f finding) text { return unmetKo(f, ")에 해당하지 않습니다.") },
		Missing: func(subject span, n int, period string, breaching bool) text {
			counts := " 동안 데이터가 없으며, 누락된 데이터는 정상으로 처리됩니다."
			if breaching {
				counts = " 동안 데이터가 없으며, 누락된 데이터는 임계값 위반으로 처리됩니다."
			}
			return say(subject, plain(": "), bold(period+" 주기 "+strconv.Itoa(n)+"회"), plain(counts))
		},
		Insufficient: func(subject span, n int) text {
			return say(subject, plain(": 데이터 포인트 "+strconv.Itoa(n)+"개가 없어 상태를 판단할 수 없습니다."))
		},
		Outside:  outsideKo,
		NoReason: "CloudWatch가 사유를 알려 주지 않았습니다.",
		Bound:    boundKo,
		During: func(n, of int, period string) string {
			if of == 1 {
				return period + " 데이터 포인트 1개"
			}
			return period + " 데이터 포인트 " + strconv.Itoa(of) + "개 중 " + strconv.Itoa(n) + "개"
		},
		Units:      map[string]string{"s": "초", "min": "분", "h": "시간", "d": "일"},
		Statistics: map[string]string{"Average": "평균", "Sum": "합계", "Maximum": "최댓값", "Minimum": "최솟값", "SampleCount": "샘플 수"},

		ChildrenFire: func(n int) string { return "하위 경보 " + strconv.Itoa(n) + "개 발생:" },
		Children:     "하위 경보:",
		More:         func(n int) string { return "외 " + number(float64(n), digits) + "개" },
		MoreLines:    func(n int) string { return "외 " + number(float64(n), digits) + "줄" },
		Late:         func(by string) string { return "늦은 알림: 발생 " + by + " 뒤에 도착했습니다." },
		AfterMute:    "음소거 기간이 끝나 다시 알립니다.",
		NoOKActions:  "이 경보에는 OK 작업이 없어 복구되어도 알림이 오지 않습니다.",
		InsteadOf: func(destination string) string {
			return destination + " 채널에 글을 올릴 수 없어 대신 보냅니다."
		},
		BudgetOver: func(name, threshold string, forecast bool) string {
			if threshold != "" {
				threshold = " " + threshold
			}
			if forecast {
				return "예산 " + name + " 임계값" + threshold + " 초과 예상"
			}
			return "예산 " + name + " 임계값" + threshold + " 초과"
		},
		BudgetSpent: budgetKo,
		Overtaken:   overtakenKo,
		Changes:     func(n int) string { return "상태 변경 " + number(float64(n), digits) + "회" },
		Repeated:    "릴레이가 중단되어 이미 전달된 알림일 수 있습니다.",
		Unrecovered: func(fired text) text {
			return append(say(plain("❔ 이 경보는 ")), fired...).with(plain("에도 발생했으며, 그 해결 알림은 받지 못했습니다."))
		},
		GraphOf: func(alarm, metric, over, bound string) string {
			if bound != "" {
				bound = " · 임계값 " + bound
			}
			return alarm + " 경보의 " + metric + " 그래프 · 기간 " + over + bound
		},
		Trend: func(subject, bars span, least, greatest, last, over string) text {
			said := " 최소 " + least + " · 최대 " + greatest + " · 마지막 " + last
			if over != "" {
				said += " · 기간 " + over
			}
			return trendOf(subject, bars, said)
		},
		Flooded: func(lines, batches int, since text) text {
			s := say(plain("로그 "), bold(number(float64(lines), digits)+"줄"), plain(" · "+number(float64(batches), digits)+"회 수신"))
			if len(since) > 0 {
				s = append(s.with(plain(" · 시작 ")), since...)
			}
			return s
		},

		Notices: "알림", Other: "기타", Continued: "(이어서)",
		AllIn: func(place text) text { return append(say(plain("공통: ")), place...) },
		Attached: func(n int, file string) string {
			return "전체 " + number(float64(n), digits) + "건의 목록: " + file
		},

		Tick: tickKo(),

		Life: lifeKo(),

		Day: "일", Hour: "시간", Minute: "분", Second: "초",
	}
}

func digestKo(n tally) string {
	var s []string
	if n.firing > 0 {
		s = append(s, "경보 "+number(float64(n.firing), digits)+"건 발생")
	}
	if n.recovered > 0 {
		s = append(s, recoveredOfKo(n.recovered, n.alarms()))
	}
	if n.unknown > 0 {
		s = append(s, "데이터 부족 "+number(float64(n.unknown), digits)+"건")
	}
	if n.closed > 0 {
		s = append(s, closedKo(n.closed))
	}
	if n.notices > 0 {
		s = append(s, "알림 "+number(float64(n.notices), digits)+"건")
	}
	return strings.Join(s, ", ")
}

func overtakenKo(p passage) text {
	switch {
	case p.was == alert.StateAlarm && p.is == alert.StateOK:
		s := append(append(say(plain("발생 ")), p.at...), plain(", 해결 "))
		return append(s, p.since...).with(plain(afterKo(p.lasted)))
	case p.was == p.is:
		s := append(append(say(plain(p.wasName+" ")), p.at...), plain(", 다시 "))
		return append(s, p.since...)
	}
	s := append(append(say(plain(p.wasName+" ")), p.at...), plain(", 이후 "+p.isName+" "))
	return append(s, p.since...)
}

// breachKo follows every bold word by a blank or a bracket: in Slack a particle
// that touches the mark would spoil it.
func breachKo(f finding) text {
	s := append(measuredKo(f), plain(", "))
	if f.during != "" {
		s = s.with(plain(f.during + "가 "))
	}
	return append(append(s, f.bound...), plain("입니다."))
}

func unmetKo(f finding, end string) text {
	s := append(measuredKo(f), plain(", 경보 조건("))
	return append(append(s, f.bound...), plain(end))
}

func measuredKo(f finding) text {
	if f.stat == "" {
		return say(f.subject, plain(" 값 "), bold(f.value))
	}
	return say(f.subject, plain(" "+f.stat+" "), bold(f.value))
}

func boundKo(comparison, value string) string {
	switch comparison {
	case atLeast:
		return value + " 이상"
	case above:
		return value + " 초과"
	case below:
		return value + " 미만"
	}
	return value + " 이하"
}

func outsideKo(b band) text {
	switch {
	case b.lower == "":
		return say(plain("예상 상한 "), bold(b.upper+" 초과"))
	case b.upper == "":
		return say(plain("예상 하한 "), bold(b.lower+" 미만"))
	}
	return say(plain("예상 범위 "), bold(b.lower+" – "+b.upper+" 밖"))
}

func budgetKo(b *alert.Budget) text {
	word, spent := "실제 비용 ", oneLine(b.Actual)
	if spent == "" {
		word, spent = "예상 비용 ", oneLine(b.Forecast)
	}
	limit := oneLine(b.Limit)
	switch {
	case spent == "" && limit == "":
		return nil
	case spent == "":
		return say(plain("예산 한도 "), bold(limit))
	}
	s := say(plain(word), bold(spent))
	if limit != "" {
		s = s.with(plain(" / 예산 "), bold(limit))
	}
	if p := percentOf(b); p != "" {
		s = s.with(plain(" ("), bold(p), plain(")"))
	}
	if b.Actual != "" && b.Forecast != "" {
		s = s.with(plain(", 예상 비용 "), bold(oneLine(b.Forecast)))
	}
	return s
}

func afterKo(after string) string {
	if after == "" {
		return ""
	}
	return " (" + after + " 만에)"
}
