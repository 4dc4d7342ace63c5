package fake

import (
	"slices"
	"strings"
)

// allowedMentions is who a message may mention.
// https://docs.discord.com/developers/resources/message#allowed-mentions-object
type allowedMentions struct {
	Parse []string `json:"parse"`
	Users []string `json:"users"`
	Roles []string `json:"roles"`
}

// mentions returns whom texts mention, without repetition, as far as it is allowed. A
// request that does not say what is allowed allows all users: the
// default of webhooks, for posts and edits alike.
func mentions(texts []string, allowed *allowedMentions) []string {
	if allowed == nil {
		allowed = &allowedMentions{Parse: []string{"users"}}
	}
	var found []string
	add := func(who string, ok bool) {
		if ok && !slices.Contains(found, who) {
			found = append(found, who)
		}
	}
	for _, t := range texts {
		for _, word := range []string{"everyone", "here"} {
			add(word, strings.Contains(t, "@"+word) && slices.Contains(allowed.Parse, "everyone"))
		}
		for _, id := range tagged(t, "<@&") {
			add("role:"+id, slices.Contains(allowed.Parse, "roles") || slices.Contains(allowed.Roles, id))
		}
		for _, id := range append(tagged(t, "<@"), tagged(t, "<@!")...) {
			add("user:"+id, slices.Contains(allowed.Parse, "users") || slices.Contains(allowed.Users, id))
		}
	}
	return found
}

// tagged returns the ids that stand between an opening such as <@& and >.
func tagged(t, opening string) []string {
	var ids []string
	for {
		_, rest, ok := strings.Cut(t, opening)
		if !ok {
			return ids
		}
		if id, _, closed := strings.Cut(rest, ">"); closed && isSnowflake(id) {
			ids = append(ids, id)
		}
		t = rest
	}
}
