package formatter

import "testing"

func TestMask(t *testing.T) {
	for given, want := range map[string]string{
		"key AKIAIOSFODNN7EXAMPLE used":                                           "key AKIA••• used",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY x":        "AWS_SECRET_ACCESS_KEY=••• x",
		`{"password":"hunter2","user":"kim"}`:                                     `{"password":"•••","user":"kim"}`,
		`{"body":"{\"apiKey\":\"abc\\\"d\",\"n\":1}"}`:                            `{"body":"{\"apiKey\":\"•••\"d\",\"n\":1}"}`,
		`db_password: 'it is, long' next`:                                         `db_password: '•••' next`,
		"Authorization: Bearer abc.def-ghi":                                       "Authorization: Bearer •••",
		"curl -H 'x: Bearer 0123456789abcdef'":                                    "curl -H 'x: Bearer •••'",
		"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end":             "token eyJ••• end",
		"https://discord.com/api/webhooks/1/abc":                                  "https://discord.com/api/webhooks/•••",
		"https://discord.com/api/v10/webhooks/1/abc?wait=true":                    "https://discord.com/api/v10/webhooks/•••",
		"https://hooks.slack.com/services/T0/B0/abc":                              "https://hooks.slack.com/•••",
		"postgres://app:s3cret@db.example:5432/x":                                 "postgres://app:•••@db.example:5432/x",
		"https://b.example/o?X-Amz-Signature=abc&x=1":                             "https://b.example/o?X-Amz-Signature=•••&x=1",
		"-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----":     "-----BEGIN RSA PRIVATE KEY-----•••-----END RSA PRIVATE KEY-----",
		"ghp_0123456789abcdef0123":                                                "ghp_•••",
		"max_tokens=500 token=null the secret is":                                 "max_tokens=500 token=null the secret is",
		"한글 비밀번호 password=가나다 끝":                                                  "한글 비밀번호 password=••• 끝",
		`{"multiValueHeaders":{"Authorization":["Bearer abcdef0123"],"X":["y"]}}`: `{"multiValueHeaders":{"Authorization":["Bearer •••"],"X":["y"]}}`,
		`{"password":{"S":"hunter2"},"n":{"N":"1"}}`:                              `{"password":{"S":"•••"},"n":{"N":"1"}}`,
		"Cookie: theme=dark; session=abc123":                                      "Cookie: •••",
		"Authorization: ApiKey 9f8e7d6c5b":                                        "Authorization: •••",
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=fe5f80": "Authorization: •••",
		"authorization: access denied":                                                   "authorization: access denied",
		`{"log":"line\nAKIAIOSFODNN7EXAMPLE\nghp_0123456789abcdef0123"}`:                 `{"log":"line\nAKIA•••\nghp_•••"}`,
		`{"log":"password=hunter2\nnext line"}`:                                          `{"log":"password=•••\nnext line"}`,
		`{"u":"https:\/\/discord.com\/api\/webhooks\/1\/abc"}`:                           `{"u":"https:\/\/discord.com\/api\/webhooks\/•••"}`,
		"u=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT0%2FB0%2Fabc":                     "u=https%3A%2F%2Fhooks.slack.com%2F•••",
		"https://Hooks.Slack.com/services/T0/B0/abc":                                     "https://Hooks.Slack.com/•••",
		"bot " + "MTk4NjIyNDgzNDcxOTI1MjQ4" + ".Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs": "bot MTk4•••",
		"ya29.a0AfH6SMBx0123456789":                                                      "ya29.•••",
		"sk_test_0123456789abcdefgh":                                                     "sk_test_•••",
		"mysql --user app --password hunter2 db":                                         "mysql --user app --password ••• db",
		"DB_PASS=hunter2 smtpPass: x1":                                                   "DB_PASS=••• smtpPass: •••",
		"<Password>hunter2</Password>":                                                   "<Password>•••</Password>",
		"AWS Secret Access Key: wJalrXUtnFEMI":                                           "AWS Secret Access Key: •••",
		"https://x.example/b?sv=1&sig=abc%3D&se=2":                                       "https://x.example/b?sv=1&sig=•••&se=2",
		"DefaultEndpointsProtocol=https;AccountKey=abc==;":                               "DefaultEndpointsProtocol=https;AccountKey=•••;",
		"token=b'abc' x": "token=b'•••' x",
		"-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----": "-----BEGIN PGP PRIVATE KEY BLOCK-----•••-----END PGP PRIVATE KEY BLOCK-----",
		`{"cookies":1,"cookie":["a=b; c=d","e=f"],"x":["y"]}`:                            `{"cookies":1,"cookie":["•••"],"x":["y"]}`,
		"{\"token\": [\n  \"abc\",\n  \"def\"\n]}":                                       "{\"token\": [\n  \"•••\"\n]}",
		// What only looks like one, and tells the reader what is wrong.
		"Secret: arn:aws:secretsmanager:us-east-1:111122223333:secret:db": "Secret: arn:aws:secretsmanager:us-east-1:111122223333:secret:db",
		"invalid token: expired":                                 "invalid token: expired",
		"Bearer authentication required":                         "Bearer authentication required",
		"npm_config_registry_something_long_enough":              "npm_config_registry_something_long_enough",
		"PWD=/var/task":                                          "PWD=/var/task",
		"12 tests pass: 3 bypass=1":                              "12 tests pass: 3 bypass=1",
		"MemberServiceUnavailable.Error.InTheCheckoutOfTheOrder": "MemberServiceUnavailable.Error.InTheCheckoutOfTheOrder",
		"GET /orders?id=7 200":                                   "GET /orders?id=7 200",
	} {
		if got := mask(given); got != want {
			t.Errorf("mask(%q) = %q, want %q", given, got, want)
		}
	}
	if got := maskMail("to kim@example.net, <lee.b@mail.example.org>"); got != "to k•••@example.net, <l•••@mail.example.org>" {
		t.Errorf("maskMail: %q", got)
	}
}
