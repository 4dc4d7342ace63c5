package fake_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"alarmrelay/relay/fake"
)

func Example() {
	discord := fake.NewDiscord(fake.Options{})
	hook := discord.AddChannel(fake.Channel{Name: "ops"})
	client := &http.Client{Transport: fake.Transport{"discord.com": discord}}

	discord.Fail(fake.Fault{Kind: fake.Down, Status: 503}) // the first request only
	for range 2 {
		body := strings.NewReader(`{"content": "<@1> disk is full", "allowed_mentions": {"parse": []}}`)
		r, err := http.NewRequestWithContext(context.Background(), "POST", "https://discord.com"+hook.Path(), body)
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("User-Agent", "DiscordBot (https://relay.example, 1)")
		answer, err := client.Do(r)
		if err != nil {
			fmt.Println(err)
			return
		}
		answer.Body.Close()
		fmt.Println(answer.StatusCode)
	}
	for _, m := range discord.Messages(hook.Channel) {
		fmt.Printf("%q pings %v\n", m.Content, m.Pings)
	}
	// Output:
	// 503
	// 204
	// "<@1> disk is full" pings []
}
