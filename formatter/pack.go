package formatter

// pack distributes cards over messages in their order: as many into each as it
// may hold and as its texts have room for. Each group lists indexes into sizes;
// a card too large for any message stands alone.
func pack(sizes []int, most, room int) [][]int {
	var groups [][]int
	left := 0
	for i, size := range sizes {
		if last := len(groups) - 1; last >= 0 && len(groups[last]) < most && size <= left {
			groups[last] = append(groups[last], i)
			left -= size
			continue
		}
		groups = append(groups, []int{i})
		left = room - size
	}
	return groups
}

// isLoud reports whether one of a message's cards is reason enough to wake somebody.
func isLoud(cards []card) bool {
	for _, c := range cards {
		if !c.quiet {
			return true
		}
	}
	return false
}

// summary is the one sentence about the cards of a message.
func (t teller) summary(cards []card) string {
	if len(cards) == 1 {
		return cards[0].summary
	}
	alarms := 0
	for _, c := range cards {
		if c.alarm {
			alarms++
		}
	}
	names := ""
	for _, c := range cards {
		if alarms > 0 && !c.alarm {
			continue
		}
		if names != "" {
			names += ", "
		}
		names += c.name
	}
	return cards[0].tone.emoji() + " " + t.Several(alarms, len(cards), names)
}

// mentions returns everybody whom the cards ping, once.
func mentions(cards []card) []Mention {
	var all []Mention
	for _, c := range cards {
		all = append(all, c.mention...)
	}
	return once(all)
}

// once returns each of some mentions once, in order.
func once(all []Mention) (each []Mention) {
	seen := map[Mention]bool{}
	for _, m := range all {
		if !seen[m] {
			seen[m] = true
			each = append(each, m)
		}
	}
	return each
}

// itemsOf returns which of Notice.Items the cards say.
func itemsOf(cards []card) []int {
	items := make([]int, len(cards))
	for i, c := range cards {
		items[i] = c.item
	}
	return items
}
