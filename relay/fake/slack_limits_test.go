package fake

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func plain(n int) obj  { return obj{"type": "plain_text", "text": xs(n)} }
func mrkdwn(n int) obj { return obj{"type": "mrkdwn", "text": xs(n), "verbatim": true} }

func blocks(b ...any) obj { return obj{"text": "t", "blocks": arr(b)} }

func linkButton(change obj) obj {
	button := obj{"type": "button", "text": plain(4), "url": "https://a.example"}
	maps.Copy(button, change)
	return blocks(obj{"type": "actions", "elements": arr{button}})
}

// slackCase is one limit: n of it is accepted where n is max, and refused
// with one word where it is one more.
type slackCase struct {
	row    string
	max    int
	source string
	word   string
	body   func(n int) obj
}

var slackCases = []slackCase{
	{"message.blocks", 50, docsBlocks, "invalid_blocks", func(n int) obj { return blocks(times(n, obj{"type": "divider"})...) }},
	{"message.attachments", 100, docsAttachments, "too_many_attachments", func(n int) obj { return obj{"attachments": times(n, obj{"text": "t"})} }},
	{"attachment.blocks", 20, measuredAttachment, "invalid_attachments", func(n int) obj {
		return obj{"attachments": arr{obj{"color": "danger", "blocks": times(n, obj{"type": "divider"})}}}
	}},
	{"attachment.footer", 300, docsAttachments, "invalid_attachments", func(n int) obj { return obj{"attachments": arr{obj{"text": "t", "footer": xs(n)}}} }},

	{"header text/plain_text.text", 150, docsHeader, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "header", "text": plain(n)}) }},
	{"section text/plain_text.text", 3000, docsSection, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "section", "text": plain(n)}) }},
	{"section text/mrkdwn.text", 3000, docsSection, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "section", "text": mrkdwn(n)}) }},
	{"block/section.fields", 10, docsSection, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "section", "fields": times(n, mrkdwn(1))}) }},
	{"section field/plain_text.text", 2000, docsSection, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "section", "fields": arr{plain(n)}}) }},
	{"section field/mrkdwn.text", 2000, docsSection, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "section", "fields": arr{mrkdwn(n)}}) }},
	{"block/context.elements", 10, docsContext, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "context", "elements": times(n, mrkdwn(1))}) }},
	{"element/plain_text.text", 3000, docsText, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "context", "elements": arr{plain(n)}}) }},
	{"element/mrkdwn.text", 3000, docsText, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "context", "elements": arr{mrkdwn(n)}}) }},
	{"block/actions.elements", 25, docsActions, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "actions", "elements": times(n, obj{"type": "button", "text": plain(4), "url": "https://a.example"})})
	}},
	{"button text/plain_text.text", 75, docsButton, "invalid_blocks", func(n int) obj { return linkButton(obj{"text": plain(n)}) }},
	{"element/button.url", 3000, docsButton, "invalid_blocks", func(n int) obj { return linkButton(obj{"url": address(n)}) }},
	{"element/button.value", 2000, docsButton, "invalid_blocks", func(n int) obj { return linkButton(obj{"value": xs(n)}) }},
	{"element/button.action_id", 255, docsButton, "invalid_blocks", func(n int) obj { return linkButton(obj{"action_id": xs(n)}) }},
	{"element/button.accessibility_label", 75, docsButton, "invalid_blocks", func(n int) obj { return linkButton(obj{"accessibility_label": xs(n)}) }},
	{"element/image.image_url", 3000, docsImage, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "context", "elements": arr{obj{"type": "image", "alt_text": "a", "image_url": address(n)}}})
	}},
	{"element/image.alt_text", 2000, docsImage, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "context", "elements": arr{obj{"type": "image", "alt_text": xs(n), "image_url": address(30)}}})
	}},
	{"block/image.image_url", 3000, docsImage, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "image", "alt_text": "a", "image_url": address(n)}) }},
	{"block/image.alt_text", 2000, docsImage, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "image", "alt_text": xs(n), "image_url": address(30)}) }},
	{"image title/plain_text.text", 2000, docsImage, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "image", "alt_text": "a", "image_url": address(30), "title": plain(n)})
	}},
	{"block/markdown.text", 12000, docsMarkdown, "invalid_blocks", func(n int) obj { return blocks(obj{"type": "markdown", "text": xs(n)}) }},
	{"block/table.rows", 100, docsTable, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "table", "rows": times(n, arr{obj{"type": "raw_text", "text": "c"}})})
	}},
	{"table row.", 20, docsTable, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "table", "rows": arr{times(n, obj{"type": "raw_text", "text": "c"})}})
	}},
	{"cell/raw_text.text", 3000, docsTable, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "table", "rows": arr{arr{obj{"type": "raw_text", "text": xs(n)}}}})
	}},
	{"rich/rich_text_list.indent", 8, docsRichText, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_list", "style": "bullet", "indent": n, "elements": arr{}}}})
	}},
	{"characters of all blocks", 12000, measuredMessage, "msg_blocks_too_long", func(n int) obj {
		full := obj{"type": "section", "text": mrkdwn(3000)}
		inside := obj{"color": "good", "blocks": arr{full, obj{"type": "section", "text": mrkdwn(n - 9000)}}}
		if n > 12000 {
			inside["blocks"] = arr{full, full, obj{"type": "header", "text": plain(n - 12000)}}
		}
		return obj{"text": "t", "blocks": arr{full, full}, "attachments": arr{inside}}
	}},
	{"characters of markdown blocks", 12000, docsMarkdown, "invalid_blocks", func(n int) obj {
		return blocks(obj{"type": "markdown", "text": xs(6000)}, obj{"type": "markdown", "text": xs(n - 6000)})
	}},
	{"tables", 1, docsTable, "invalid_blocks", func(n int) obj {
		return blocks(times(n, obj{"type": "table", "rows": arr{arr{obj{"type": "raw_text", "text": "c"}}}})...)
	}},
}

// blockIDCases are the limits on the id that every block may have.
func blockIDCases() []slackCase {
	var cases []slackCase
	for _, block := range []string{"header", "section", "divider", "context", "actions", "image", "markdown", "table", "rich_text"} {
		cases = append(cases, slackCase{"block/" + block + ".block_id", 255, docsBlocks, "invalid_blocks", func(n int) obj {
			b := map[string]obj{
				"header": {"text": plain(1)}, "section": {"text": plain(1)}, "divider": {}, "context": {"elements": arr{plain(1)}},
				"actions":  {"elements": arr{obj{"type": "button", "text": plain(1)}}},
				"image":    {"alt_text": "a", "image_url": address(30)},
				"markdown": {"text": "m"}, "table": {"rows": arr{arr{obj{"type": "raw_text", "text": "c"}}}}, "rich_text": {"elements": arr{}},
			}[block]
			b["type"], b["block_id"] = block, xs(n)
			return blocks(b)
		}})
	}
	return cases
}

func TestSlackLimits(t *testing.T) {
	for _, c := range append(slackCases, blockIDCases()...) {
		for over, want := range map[int]answered{0: {200, "ok"}, 1: {400, c.word}} {
			t.Run(fmt.Sprintf("%s by %d", c.row, over), func(t *testing.T) {
				s := NewSlack(Options{})
				hook := s.AddChannel("ops")
				if diff := cmp.Diff(want, askJSON(t, s, "POST", hook.Path(), c.body(c.max+over))); diff != "" {
					t.Errorf("%d of %s (%s):\n%s\n%v", c.max+over, c.row, c.source, diff, s.Log()[0].Why)
				}
			})
		}
	}
}

func TestEverySlackLimitHasACase(t *testing.T) {
	sources := map[string]string{}
	for _, c := range append(slackCases, blockIDCases()...) {
		sources[c.row] = c.source
	}
	for _, p := range slackRows() {
		name := p.in + "." + p.name
		typeOnly := p.kind == integer && (p.max == 1 || p.max >= 1<<30)
		switch source, ok := sources[name]; {
		case !strings.HasPrefix(p.from, "https://"):
			t.Errorf("%s names no source", name)
		case p.max == 0 || typeOnly:
		case !ok:
			t.Errorf("%s has a limit of %d and no case", name, p.max)
		case source != p.from:
			t.Errorf("%s: source %s in the table, %s in the case", name, p.from, source)
		}
	}
	for _, total := range slackTotals {
		if sources[total.of] != total.from {
			t.Errorf("%s: source %s in the table, %q in the case", total.of, total.from, sources[total.of])
		}
	}
}
