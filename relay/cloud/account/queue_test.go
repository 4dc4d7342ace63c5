package account_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

const (
	deadHost = "sqs.ap-northeast-2.amazonaws.com"
	deadURL  = "https://" + deadHost + "/111122223333/alarms-dead"
	inputURL = "https://" + deadHost + "/111122223333/alarms"
)

// post is an SQS with a queue and its dead-letter queue.
type post struct {
	*fake.SQS
	dead, input *fake.Queue
}

// letters are queues as a desk opens them, on an SQS in memory.
type letters struct {
	post
	cfg      aws.Config
	from, to *account.Queue
}

func newLetters(t *testing.T) *letters {
	t.Helper()
	p := post{SQS: fake.NewSQS(), dead: fake.NewQueue(fake.QueueOptions{Name: "alarms-dead"}), input: fake.NewQueue(fake.QueueOptions{Name: "alarms"})}
	t.Cleanup(p.Close)
	p.Add(p.dead)
	p.Add(p.input)
	l := &letters{post: p, cfg: configFor(fake.Transport{deadHost: p.SQS})}
	l.from, l.to = open(t, l.cfg, deadURL), open(t, l.cfg, inputURL)
	return l
}

// configFor leads the SDK to handlers instead of the network.
func configFor(network fake.Transport) aws.Config {
	return aws.Config{
		Region: "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example"}, nil
		}),
		HTTPClient: &http.Client{Transport: network}, RetryMaxAttempts: 2,
	}
}

func open(t *testing.T, cfg aws.Config, address string) *account.Queue {
	t.Helper()
	q, err := account.OpenQueue(cfg, address)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// put puts n messages into the dead-letter queue, with bodies "letter 0" and so on.
func (l *letters) put(n int) (bodies []string) {
	for i := range n {
		bodies = append(bodies, fmt.Sprintf("letter %04d", i))
		l.dead.Put(bodies[i], map[string]string{"number": fmt.Sprint(i)})
	}
	return bodies
}

// walk returns what a walk brings, until it has brought most.
func (l *letters) walk(t *testing.T, most int) (met []account.Letter) {
	t.Helper()
	depth, err := l.from.Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.from.Walk(t.Context(), depth, func(batch []account.Letter) bool {
		met = append(met, batch...)
		return len(met) < most
	}); err != nil {
		t.Fatal(err)
	}
	return met
}

func bodiesOf(met []account.Letter) (bodies []string) {
	for _, l := range met {
		bodies = append(bodies, l.Body)
	}
	slices.Sort(bodies)
	return bodies
}

// visibleNow is how many messages a consumer would be given.
func visibleNow(q *fake.Queue) (n int) {
	for _, h := range q.All() {
		if !h.InFlight {
			n++
		}
	}
	return n
}

func TestRefusalsOfAQueueSayWhatWouldHelp(t *testing.T) {
	for name, row := range map[string]struct {
		fault fake.Fault
		want  string
	}{
		"no such queue":     {fake.Fault{Kind: fake.Unknown}, "no such queue, or these credentials may not see it (The specified queue does not exist)"},
		"a permission":      {fake.Fault{Kind: fake.Forbidden}, "access denied: it takes %s (User is not authorized to perform: this on resource: this queue)"},
		"wrong credentials": {fake.Fault{Kind: fake.BadToken}, "AWS does not know these credentials (The security token included in the request is invalid)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLetters(t)
				l.put(1)
				met := l.walk(t, 1)
				l.Break(row.fault)
				_, depth := l.from.Depth(t.Context())
				walk := l.from.Walk(t.Context(), account.Depth{}, func([]account.Letter) bool { return true })
				for doing, err := range map[string]error{
					"ask queue alarms-dead for its depth|sqs:GetQueueAttributes":           depth,
					"receive from queue alarms-dead|sqs:ReceiveMessage":                    walk,
					"send to queue alarms|sqs:SendMessage":                                 l.to.Send(t.Context(), met)[met[0].ID],
					"put messages back into queue alarms-dead|sqs:ChangeMessageVisibility": l.from.PutBack(t.Context()),
					"delete from queue alarms-dead|sqs:DeleteMessage":                      l.from.Delete(t.Context(), met)[met[0].ID],
				} {
					doing, action, _ := strings.Cut(doing, "|")
					want := doing + ": " + strings.ReplaceAll(row.want, "%s", action)
					if err == nil || err.Error() != want {
						t.Errorf("error %v, want %s", err, want)
					}
				}
			})
		})
	}
}

func TestAQueueIsAskedInTheRegionOfItsURL(t *testing.T) {
	for address, host := range map[string]string{
		"https://sqs.eu-west-1.amazonaws.com/111122223333/q":                        "sqs.eu-west-1.amazonaws.com",
		"https://eu-west-1.queue.amazonaws.com/111122223333/q":                      "sqs.eu-west-1.amazonaws.com",
		"https://queue.amazonaws.com/111122223333/q":                                "sqs.us-east-1.amazonaws.com",
		"https://sqs-fips.us-west-2.amazonaws.com/111122223333/q":                   "sqs.us-west-2.amazonaws.com",
		"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/q":                    "sqs.cn-north-1.amazonaws.com.cn",
		"https://vpce-0a1b-cd.sqs.ap-northeast-1.vpce.amazonaws.com/111122223333/q": "sqs.ap-northeast-1.amazonaws.com",
		"http://sqs.ap-northeast-2.localhost.localstack.cloud:4566/111122223333/q":  "sqs.ap-northeast-2.amazonaws.com",
		"http://127.0.0.1:4566/111122223333/q":                                      "sqs.sa-east-1.amazonaws.com",
		"https://sqs.sa-east-1.amazonaws.com.example.com/111122223333/q":            "sqs.sa-east-1.amazonaws.com",
	} {
		t.Run(address, func(t *testing.T) {
			service := fake.NewSQS()
			defer service.Close()
			service.Add(fake.NewQueue(fake.QueueOptions{Name: "q"}))
			cfg := configFor(fake.Transport{host: service})
			cfg.Region = "sa-east-1"
			if _, err := open(t, cfg, address).Depth(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatIsNoStandardQueueIsNotOpened(t *testing.T) {
	for address, want := range map[string]string{
		"alarms": "alarms is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
		"arn:aws:sqs:ap-northeast-2:111122223333:alarms":                "arn:aws:sqs:ap-northeast-2:111122223333:alarms is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
		"https://example.com/alarms":                                    "https://example.com/alarms is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
		"https://sqs.us-east-1.amazonaws.com/111122223333/alarms.fifo":  "https://sqs.us-east-1.amazonaws.com/111122223333/alarms.fifo is a FIFO queue, which hands out nothing more of a group while somebody looks at it; use the SQS console",
		"https://sqs.us-east-1.amazonaws.com/111122223333/al%1b[2Jarms": "https://sqs.us-east-1.amazonaws.com/111122223333/al%1b[2Jarms is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
		"sqs://sqs.us-east-1.amazonaws.com/111122223333/alarms":         "sqs://sqs.us-east-1.amazonaws.com/111122223333/alarms is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
		"https://queue.example.com/111122223333/alarms":                 "queue alarms: neither its URL nor AWS_REGION says which region it is in",
	} {
		if _, err := account.OpenQueue(aws.Config{}, address); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestOneQueueIsOneHoweverItsURLIsWritten(t *testing.T) {
	cfg := configFor(nil) // signs in to us-east-1
	q := open(t, cfg, "https://sqs.us-east-1.amazonaws.com/111122223333/alarms")
	for address, want := range map[string]bool{
		"https://sqs.us-east-1.amazonaws.com/111122223333/alarms":        true,
		"https://sqs.us-east-1.amazonaws.com:443/111122223333/alarms/":   true,
		"https://queue.amazonaws.com/111122223333/alarms":                true,
		"https://us-east-1.queue.amazonaws.com/111122223333/alarms":      true,
		"http://localhost:4566/queue/us-east-1/111122223333/alarms":      true,
		"https://sqs.us-east-1.amazonaws.com/111122223333/alarms-dead":   false,
		"https://sqs.us-east-1.amazonaws.com/444455556666/alarms":        false,
		"https://sqs.ap-northeast-2.amazonaws.com/111122223333/alarms":   false,
		"https://sqs-fips.us-west-2.amazonaws.com/111122223333/alarms//": false,
	} {
		if got := open(t, cfg, address).Is(q); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestAQueueKnowsWhoGetsWhatItGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		l.put(3)
		l.dead.Take(1)
		gives := fake.NewQueue(fake.QueueOptions{Name: "gives", DeadLetters: l.dead, MaxReceives: 3})
		l.Add(gives)
		for address, want := range map[string]account.Depth{
			deadURL: {Visible: 2, Hidden: 1},
			"https://" + deadHost + "/111122223333/gives": {DeadLetters: "alarms-dead"},
		} {
			if got, err := open(t, l.cfg, address).Depth(t.Context()); got != want || err != nil {
				t.Errorf("%s: %+v, %v", address, got, err)
			}
		}
	})
}
