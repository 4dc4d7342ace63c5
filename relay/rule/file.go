package rule

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

const (
	defaultLocale   = "en"
	defaultTimezone = "UTC"
)

// Parse reads a configuration; name is how messages call the file. The error
// is an [Errors] with every mistake in the file, and then there is no Config.
func Parse(name string, data []byte) (*Config, error) {
	r := &reader{file: name}
	root := r.document(data)
	if root == nil {
		return nil, r.problems.sorted()
	}
	c := r.config(root)
	if r.untold > 0 {
		r.whole(fmt.Sprintf("%d mistakes are listed, and there are %d more", maxProblems, r.untold))
	}
	if len(r.problems) > 0 {
		return nil, r.problems.sorted()
	}
	c.index = newIndex(c.Rules)
	return c, nil
}

// config reads what others refer to first: destinations before the rules that name them.
func (r *reader) config(root *yaml.Node) *Config {
	c := newConfig()
	r.object(root, "the file",
		entry{"locale", func(v *yaml.Node) { r.locale(v, &c.Locale) }},
		entry{"timezone", func(v *yaml.Node) { r.timezone(v, c, &c.Timezone) }},
		entry{"accounts", func(v *yaml.Node) { c.Accounts = r.accounts(v) }},
		entry{"trusted_accounts", func(v *yaml.Node) { c.Trusted = r.accountList(v) }},
		entry{"allow_hosts", func(v *yaml.Node) {
			c.AllowHosts = r.hosts(v, isHostPort, "a host or host:port, such as chat.example.com:8065")
		}},
		entry{"runbook_hosts", func(v *yaml.Node) {
			c.RunbookHosts = r.hosts(v, isHostGlob, "a host such as wiki.example.com, or *.example.com for all below it")
		}},
		entry{"tags", func(v *yaml.Node) { c.Tags = r.tags(v) }},
		entry{"destinations", func(v *yaml.Node) { r.destinations(v, c) }},
		entry{"mentions", func(v *yaml.Node) { c.Mentions = r.mentions(v) }},
		entry{"graph", func(v *yaml.Node) { c.Graph = r.boolean(v) }},
		entry{"incidents", func(v *yaml.Node) { r.incidents(v, &c.Incidents) }},
		entry{"summary", func(v *yaml.Node) { c.Summary = r.summary(v, c) }},
		entry{"rules", func(v *yaml.Node) { r.rules(v, c) }},
		entry{"storm", func(v *yaml.Node) { r.storm(v, &c.Storm) }},
		entry{"retry", func(v *yaml.Node) { r.retry(v, &c.Retry) }},
		entry{"logs", func(v *yaml.Node) { r.logs(v, c) }},
		entry{"metrics", func(v *yaml.Node) { r.metrics(v, c) }},
	)
	r.required(root)
	r.unusedTags(root, c)
	return c
}

// required asks for what no file can do without.
func (r *reader) required(root *yaml.Node) {
	given := map[string]bool{}
	if root.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		given[root.Content[i].Value] = true
	}
	if !given["destinations"] {
		r.wrong(root, "destinations are missing; declare at least one, such as \"destinations: {ops: {discord: \\\"ssm:/alarmrelay/discord/ops\\\"}}\"")
	}
	if !given["rules"] {
		r.wrong(root, "rules are missing; the shortest that will do is \"rules: [{to: [NAME]}]\" with a destination's name")
	}
}

func (r *reader) accounts(n *yaml.Node) map[string]string {
	accounts := map[string]string{}
	for _, p := range r.pairs(n) {
		if !isAccount(p.name) {
			r.wrong(p.key, "%s is no account; an account id has twelve digits", quote(p.name))
			continue
		}
		if name, ok := r.text(p.value); ok {
			accounts[p.name] = name
		}
	}
	return accounts
}

func (r *reader) accountList(n *yaml.Node) (accounts []string) {
	r.list(n, func(item *yaml.Node) {
		id, ok := r.raw(item)
		if ok && !isAccount(id) {
			r.wrong(item, "%s is no account; an account id has twelve digits", quote(id))
			return
		}
		accounts = append(accounts, id)
	})
	return accounts
}

func (r *reader) hosts(n *yaml.Node, valid func(string) bool, want string) (hosts []string) {
	r.list(n, func(item *yaml.Node) {
		host, ok := r.text(item)
		if ok && !valid(host) {
			r.wrong(item, "%s is no host; write %s, without scheme and path", quote(host), want)
			return
		}
		hosts = append(hosts, strings.ToLower(host))
	})
	return hosts
}

func (r *reader) tags(n *yaml.Node) []Tag {
	tags := []Tag{}
	r.listOrNone(n, func(item *yaml.Node) {
		if tag, ok := word(r, item, "tag", allTags()); ok {
			tags = append(tags, tag)
		}
	})
	return tags
}

// word reads one of the words of a fixed list.
func word[W ~string](r *reader, n *yaml.Node, what string, known []W) (w W, ok bool) {
	text, ok := r.text(n)
	if !ok {
		return "", false
	}
	words := make([]string, len(known))
	for i, k := range known {
		if words[i] = string(k); words[i] == text {
			return k, true
		}
	}
	r.wrong(r.value(n), "%s", unknown(what, text, words))
	return "", false
}
