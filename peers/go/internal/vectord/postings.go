package vectord

// Postings say which items have which text in a member of their metadata, so that a filter that few items fit does not look
// at all of them. They are made when a filter first names a member, as most members are never asked for.

import "sync"

const (
	// mostPosted bounds the members that postings are made for: a client may name any.
	mostPosted = 16
	// fewItems are compared faster than the items of the nearest cells, of which most would not fit.
	fewItems = exactItems
)

// byText holds the ids of the items that have a text.
type byText map[string]map[string]bool

// postings are changed by the owner of an index, and made by searches beside each other.
type postings struct {
	mutex    sync.Mutex
	byMember map[string]byText
}

func (p *postings) add(added *item) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for member, texts := range p.byMember {
		texts.add(member, added)
	}
}

func (p *postings) remove(removed *item) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for member, texts := range p.byMember {
		for _, text := range textsIn(removed, member) {
			delete(texts[text], removed.id)
		}
	}
}

// few returns the ids of all items that can fit a filter, if these are few.
func (p *postings) few(asked filter, places map[string]place) (map[string]bool, bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var fewest map[string]bool
	for member, wanted := range asked {
		if wanted.texts == nil {
			continue
		}
		texts, isPosted := p.member(member, places)
		if !isPosted {
			continue
		}
		ids, areFew := texts.having(wanted.texts)
		if areFew && (fewest == nil || len(ids) < len(fewest)) {
			fewest = ids
		}
	}
	return fewest, fewest != nil
}

// member returns the postings of a member, made where there are none yet.
func (p *postings) member(name string, places map[string]place) (byText, bool) {
	texts, isPosted := p.byMember[name]
	if !isPosted && len(p.byMember) < mostPosted {
		texts, isPosted = byText{}, true
		for _, found := range places {
			texts.add(name, found.cell.members[found.index])
		}
		p.byMember[name] = texts
	}
	return texts, isPosted
}

func (b byText) add(member string, added *item) {
	for _, text := range textsIn(added, member) {
		if b[text] == nil {
			b[text] = map[string]bool{}
		}
		b[text][added.id] = true
	}
}

// having returns the ids of all items that have one of some texts, if these are few. They are read while the owner waits.
func (b byText) having(wanted []string) (map[string]bool, bool) {
	count := 0
	for _, text := range wanted {
		count += len(b[text])
	}
	if count > fewItems {
		return nil, false
	}
	if len(wanted) == 1 && count > 0 {
		return b[wanted[0]], true
	}
	ids := make(map[string]bool, count)
	for _, text := range wanted {
		for id := range b[text] {
			ids[id] = true
		}
	}
	return ids, true
}

// textsIn returns the texts of a member: its value, or the elements of a list.
func textsIn(one *item, member string) []string {
	value, isGiven := one.metadata.Values[member]
	if !isGiven {
		return nil
	}
	elements, isList := value.([]any)
	if !isList {
		elements = []any{value}
	}
	var texts []string
	for _, element := range elements {
		if text, isText := element.(string); isText {
			texts = append(texts, text)
		}
	}
	return texts
}
