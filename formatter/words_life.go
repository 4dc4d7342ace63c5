package formatter

import (
	"strconv"
	"strings"
)

// lifeWords are what is said of an alarm whose message is edited while its trouble lasts, and of the edits.
type lifeWords struct {
	Closed   string // the state of an alarm that fired anew elsewhere
	FiredNew string // why it is closed
	Deleted  string // why as well
	Fired    func(times int) text
	Over     func(ending) text
	Acked    func(by string, since text) text // since is empty when it is over
	PartOf   func(alarm span) text
	Message  string // what a link to a message is called beside others

	// Short lines. Names come as raw text.
	IsClosed    func(name string) string
	FiresAgain  func(name string, times int) string // times may be 0
	Recovered   func(name string, e ending) string
	WasDeleted  func(name string) string
	Gone        string // behind the name of one that was deleted, among others
	AllAgain    func(n int) string
	AllOver     func(n int) string
	AndMore     func(n int) string
	RecoveredOf func(n, of int) string // of a digest's alarms
}

// ending is how a trouble ended: what is not known is empty, or zero.
type ending struct {
	after string // how long it took
	fires int
	worst string // the worst value
	low   bool   // which is the lowest, and not the highest
}

func lifeEn() lifeWords {
	return lifeWords{
		Closed: "CLOSED", FiredNew: "It fired anew later; nobody saw it recover.",
		Deleted: "The alarm was deleted: nobody will tell how it ended.",
		Fired:   func(times int) text { return say(plain("Fired "), bold(strconv.Itoa(times)+" times"), plain(".")) },
		Over:    overEn,
		Acked: func(by string, since text) text {
			if len(since) == 0 {
				return say(bold(by), plain(" took care of it."))
			}
			return append(say(bold(by), plain(" takes care of it, since ")), since...).with(plain("."))
		},
		PartOf:  func(alarm span) text { return say(plain("Part of "), alarm) },
		Message: "message",

		IsClosed: func(name string) string { return name + " is closed: it fired anew later" },
		FiresAgain: func(name string, times int) string {
			if times < 2 {
				return name + " fires again"
			}
			return name + " fires again (" + ordinalEn(times) + " time)"
		},
		Recovered: func(name string, e ending) string {
			s := name + " recovered" + afterEn(e.after)
			if e.fires > 1 {
				s += ", having fired " + strconv.Itoa(e.fires) + " times"
			}
			return s
		},
		WasDeleted:  func(name string) string { return name + " was deleted" },
		Gone:        "deleted",
		AllAgain:    func(n int) string { return countEn(n, "alarm fires", "alarms fire") + " again" },
		AllOver:     func(n int) string { return countEn(n, "alarm", "alarms") + " recovered" },
		AndMore:     func(n int) string { return "and " + number(float64(n), digits) + " more" },
		RecoveredOf: recoveredOfEn,
	}
}

func recoveredOfEn(n, of int) string {
	switch {
	case of == 1:
		return "1 recovered"
	case n == of:
		return "All " + number(float64(of), digits) + " alarms recovered"
	}
	return number(float64(n), digits) + " of " + number(float64(of), digits) + " recovered"
}

func closedEn(n int) string { return number(float64(n), digits) + " closed" }

func overEn(e ending) text {
	s := say(plain("Resolved"))
	if e.after != "" {
		s = s.with(plain(" after "), bold(e.after))
	}
	if e.fires > 1 {
		s = s.with(plain(", having fired "), bold(strconv.Itoa(e.fires)+" times"))
	}
	switch {
	case e.worst != "" && e.low:
		s = s.with(plain("; lowest "), bold(e.worst))
	case e.worst != "":
		s = s.with(plain("; peak "), bold(e.worst))
	}
	return s.with(plain("."))
}

func ordinalEn(n int) string {
	end := "th"
	if tens := n / 10 % 10; tens != 1 && n%10 >= 1 && n%10 <= 3 {
		end = [...]string{"st", "nd", "rd"}[n%10-1]
	}
	return strconv.Itoa(n) + end
}

func lifeKo() lifeWords {
	return lifeWords{
		Closed: "종료", FiredNew: "이후 다시 발생했으며, 언제 해결되었는지는 알 수 없습니다.",
		Deleted: "경보가 삭제되어 어떻게 끝났는지는 알 수 없습니다.",
		Fired:   func(times int) text { return say(bold(strconv.Itoa(times)+"회"), plain(" 발생했습니다.")) },
		Over:    overKo,
		Acked: func(by string, since text) text {
			if len(since) == 0 {
				return say(bold(by), plain(" 님이 맡았습니다."))
			}
			return append(say(bold(by), plain(" 님이 맡고 있습니다 · ")), since...)
		},
		PartOf:  func(alarm span) text { return say(plain("상위 경보 "), alarm) },
		Message: "메시지",

		IsClosed: func(name string) string { return name + " 종료: 이후 다시 발생" },
		FiresAgain: func(name string, times int) string {
			if times < 2 {
				return name + " 다시 발생"
			}
			return name + " 다시 발생 (" + strconv.Itoa(times) + "번째)"
		},
		Recovered: func(name string, e ending) string {
			var facts []string
			if e.after != "" {
				facts = append(facts, e.after+" 만에")
			}
			if e.fires > 1 {
				facts = append(facts, strconv.Itoa(e.fires)+"회 발생")
			}
			return name + " 해결" + inBrackets(strings.Join(facts, ", "))
		},
		WasDeleted:  func(name string) string { return name + " 삭제됨" },
		Gone:        "삭제됨",
		AllAgain:    func(n int) string { return "경보 " + number(float64(n), digits) + "건 다시 발생" },
		AllOver:     func(n int) string { return "경보 " + number(float64(n), digits) + "건 해결" },
		AndMore:     func(n int) string { return "외 " + number(float64(n), digits) + "건" },
		RecoveredOf: recoveredOfKo,
	}
}

func recoveredOfKo(n, of int) string {
	switch {
	case of == 1:
		return "1건 정상"
	case n == of:
		return "경보 " + number(float64(of), digits) + "건 모두 정상"
	}
	return number(float64(of), digits) + "건 중 " + number(float64(n), digits) + "건 정상"
}

func closedKo(n int) string { return "종료 " + number(float64(n), digits) + "건" }

func overKo(e ending) text {
	var facts text
	if e.fires > 1 {
		facts = facts.with(plain(" · "), bold(strconv.Itoa(e.fires)+"회"), plain(" 발생"))
	}
	switch {
	case e.worst != "" && e.low:
		facts = facts.with(plain(" · 최저 "), bold(e.worst))
	case e.worst != "":
		facts = facts.with(plain(" · 최고 "), bold(e.worst))
	}
	switch {
	case e.after == "":
		return append(say(plain("해결")), facts...)
	case len(facts) > 0:
		return append(say(bold(e.after), plain(" 만에 해결")), facts...)
	}
	return say(bold(e.after), plain(" 만에 해결되었습니다."))
}
