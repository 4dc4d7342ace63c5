package formatter

import "testing"

func TestMask(t *testing.T) {
	for given, want := range map[string]string{
		"key AKIAIOSFODNN7EXAMPLE used":                                       "key AKIA••• used",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY x":    "AWS_SECRET_ACCESS_KEY=••• x",
		`{"password":"hunter2","user":"kim"}`:                                 `{"password":"•••","user":"kim"}`,
		`{"body":"{\"apiKey\":\"abc\\\"d\",\"n\":1}"}`:                        `{"body":"{\"apiKey\":\"•••\"d\",\"n\":1}"}`,
		`db_password: 'it is, long' next`:                                     `db_password: '•••' next`,
		"Authorization: Bearer abc.def-ghi":                                   "Authorization: Bearer •••",
		"curl -H 'x: Bearer 0123456789abcdef'":                                "curl -H 'x: Bearer •••'",
		"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end":         "token eyJ••• end",
		"https://discord.com/api/webhooks/1/abc":                              "https://discord.com/api/webhooks/•••",
		"https://discord.com/api/v10/webhooks/1/abc?wait=true":                "https://discord.com/api/v10/webhooks/•••",
		"https://hooks.slack.com/services/T0/B0/abc":                          "https://hooks.slack.com/•••",
		"postgres://app:s3cret@db.example:5432/x":                             "postgres://app:•••@db.example:5432/x",
		"https://b.example/o?X-Amz-Signature=abc&x=1":                         "https://b.example/o?X-Amz-Signature=•••&x=1",
		"-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----": "-----BEGIN RSA PRIVATE KEY-----•••-----END RSA PRIVATE KEY-----",
		"ghp_0123456789abcdef0123":                                            "ghp_•••",
		"max_tokens=500 token=null the secret is":                             "max_tokens=500 token=null the secret is",
		"한글 비밀번호 password=가나다 끝":                                              "한글 비밀번호 password=••• 끝",
		"GET /orders?id=7 200":                                                "GET /orders?id=7 200",
	} {
		if got := mask(given); got != want {
			t.Errorf("mask(%q) = %q, want %q", given, got, want)
		}
	}
	if got := maskMail("to kim@example.net, <lee.b@mail.example.org>"); got != "to k•••@example.net, <l•••@mail.example.org>" {
		t.Errorf("maskMail: %q", got)
	}
}
