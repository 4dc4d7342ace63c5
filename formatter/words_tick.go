package formatter

import "strconv"

// tickWords are what is said of alarms that last, and of a day.
type tickWords struct {
	Still     func(name span, lasted string, fires int) text // lasted may be empty, fires 0
	AllStill  func(n int) string
	For       func(lasted string) string
	Since     func(at text) text
	Until     func(at text) text
	TakenBy   func(who string) string
	Neglected func(d string) string // why an alarm escalates

	Daily       string
	NoneInAlarm string
	QuietDay    string
	LastDay     string
	Noisiest    string
	Muted       string
	Happened    func(fired, recovered, open int) string

	Delivered, Failed, DeadLettered, Duplicates func(n int) string
}

func tickEn() tickWords {
	return tickWords{
		Still: func(name span, lasted string, fires int) text {
			s := say(name, plain(" is still in ALARM"))
			if fires > 1 {
				s = say(name, plain(" is in ALARM again and again: "+strconv.Itoa(fires)+" times"))
			}
			switch {
			case lasted != "" && fires > 1:
				s = s.with(plain(" in "), bold(lasted))
			case lasted != "":
				s = s.with(plain(" after "), bold(lasted))
			}
			return s
		},
		AllStill:  func(n int) string { return countEn(n, "alarm", "alarms") + " still in ALARM" },
		For:       func(lasted string) string { return "for " + lasted },
		Since:     func(at text) text { return append(say(plain("since ")), at...) },
		Until:     func(at text) text { return append(say(plain("until ")), at...) },
		TakenBy:   func(who string) string { return who + " takes care of it" },
		Neglected: func(d string) string { return "Nobody has taken care of it for " + d + "." },

		Daily:       "Daily summary",
		NoneInAlarm: "Nothing is in ALARM.",
		QuietDay:    "A quiet day. Nothing fired, and nothing is in ALARM.",
		LastDay:     "Last 24 hours",
		Noisiest:    "Noisiest",
		Muted:       "Muted",
		Happened: func(fired, recovered, open int) string {
			return number(float64(fired), digits) + " fired, " + number(float64(recovered), digits) + " recovered, " + number(float64(open), digits) + " open"
		},

		Delivered:    func(n int) string { return countEn(n, "alert", "alerts") + " delivered" },
		Failed:       func(n int) string { return countEn(n, "failed attempt", "failed attempts") },
		DeadLettered: func(n int) string { return number(float64(n), digits) + " in the dead-letter queue" },
		Duplicates:   func(n int) string { return countEn(n, "duplicate", "duplicates") + " left out" },
	}
}

func tickKo() tickWords {
	return tickWords{
		Still: func(name span, lasted string, fires int) text {
			s := say(name)
			if lasted != "" {
				s = s.with(plain(" "), bold(lasted))
			}
			switch {
			case fires > 1 && lasted != "":
				return s.with(plain(" 동안 경보 " + strconv.Itoa(fires) + "회 반복"))
			case fires > 1:
				return s.with(plain(" 경보 " + strconv.Itoa(fires) + "회 반복"))
			case lasted != "":
				return s.with(plain(" 동안 경보 지속 중"))
			}
			return s.with(plain(" 경보 지속 중"))
		},
		AllStill:  func(n int) string { return "경보 " + number(float64(n), digits) + "건 지속 중" },
		For:       func(lasted string) string { return lasted + "째" },
		Since:     func(at text) text { return append(say(plain("시작 ")), at...) },
		Until:     func(at text) text { return append(say(plain("종료 ")), at...) },
		TakenBy:   func(who string) string { return "담당 " + who },
		Neglected: func(d string) string { return d + " 동안 아무도 확인하지 않았습니다." },

		Daily:       "일일 요약",
		NoneInAlarm: "발생 중인 경보가 없습니다.",
		QuietDay:    "조용한 하루였습니다. 새로 발생했거나 발생 중인 경보가 없습니다.",
		LastDay:     "최근 24시간",
		Noisiest:    "가장 잦은 경보",
		Muted:       "음소거",
		Happened: func(fired, recovered, open int) string {
			return "발생 " + number(float64(fired), digits) + "건, 해결 " + number(float64(recovered), digits) + "건, 미해결 " + number(float64(open), digits) + "건"
		},

		Delivered:    func(n int) string { return "알림 " + number(float64(n), digits) + "건 전달" },
		Failed:       func(n int) string { return "전달 실패 " + number(float64(n), digits) + "회" },
		DeadLettered: func(n int) string { return "데드레터 큐 " + number(float64(n), digits) + "건" },
		Duplicates:   func(n int) string { return "중복 " + number(float64(n), digits) + "건 생략" },
	}
}
