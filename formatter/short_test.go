package formatter

import "testing"

func TestRulesAndQueriesAreShortened(t *testing.T) {
	for rule, want := range map[string]string{
		`ALARM("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a") AND ALARM(b)`:                                `ALARM("a") AND ALARM(b)`,
		`ALARM(arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:a:b) OR OK("arn:aws:cloudwatch:r:1:alarm:c")`: `ALARM(a:b) OR OK("c")`,
		`ALARM("learn: it")`:             `ALARM("learn: it")`,
		`ALARM("arn:aws:sns:r:1:topic")`: `ALARM("arn:aws:sns:r:1:topic")`,
		`ALARM("a`:                       `ALARM("a`,
	} {
		if got := shortRule(rule); got != want {
			t.Errorf("%s becomes %s", rule, got)
		}
	}
	for query, want := range map[string]string{
		`SELECT SUM(Errors) FROM "AWS/Lambda" GROUP BY FunctionName`: "SUM(Errors)",
		"SELECT SUM(Errors)": "SELECT SUM(Errors)",
		"m1/m2*100":          "m1/m2*100",
	} {
		if got := selected(query); got != want {
			t.Errorf("%s becomes %s", query, got)
		}
	}
}
