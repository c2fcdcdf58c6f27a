package pages

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"keydeck/internal/keys"
	"keydeck/views/links"
)

// keyTable is a list of keys: one's own, or those of a person who is looked after.
type keyTable struct {
	links    links.KeyLinks
	listing  keys.Listing
	shown    []keys.Key // of the list, in their order
	progress map[string]keys.Progress
	caption  string
	order    KeyOrder
	sortable bool
	more     string // the beginning of the key whose actions are shown in its row; may be empty
	managed  bool   // the keys are another person's: no API tells their descriptions
	now      time.Time
	maxAge   time.Duration // from which on a key is marked as old; zero for never
}

// keyRow is one key of the list.
type keyRow struct {
	*keyTable
	key     keys.Key
	n       int // of the row, for ids
	can     keys.Capabilities
	state   KeyState
	actions []keyAction // what can be done with it besides copying it
	fewer   bool        // these are not all of the list's
}

// rows are the keys that are shown.
func (v keyTable) rows() []keyRow {
	rows, all := make([]keyRow, 0, len(v.shown)), v.allActions()
	for i, key := range v.shown {
		row := keyRow{
			keyTable: &v, key: key, n: i + 1, can: v.listing.Capabilities(key),
			state: KeyStateIn(v.listing, v.progress, key.AccessKey),
		}
		if row.state.gone() {
			row.can = keys.Capabilities{}
		}
		row.actions = slices.DeleteFunc(slices.Clone(all), func(action keyAction) bool { return !action.offered(row.can) })
		row.fewer = len(row.actions) < len(all)
		rows = append(rows, row)
	}
	return rows
}

// nameID is the id of what the row is named by.
func (v keyRow) nameID() string { return "k" + strconv.Itoa(v.n) }

// scope is which buckets the key is valid for. No API tells it of another person's
// key: it is estimated, which the list says.
func (v keyRow) scope() keys.Scope {
	if v.managed {
		return v.key.EstimatedScope()
	}
	return v.key.Scope()
}

// role is the switch's, as the vendor's console has it there.
func (v keyRow) role() string {
	if v.managed {
		return "checkbox"
	}
	return "switch"
}

// checked is what the key is now, whatever is being made of it.
func (v keyRow) checked() string { return strconv.FormatBool(v.key.Activity == keys.Active) }

// keyAction is something that is done with a key less often than copying it.
type keyAction struct {
	label   string
	address func(accessKey string) string
	offered func(keys.Capabilities) bool
}

// allActions are those of the list, Delete last. What only the Management API does is
// offered for one's own keys alone.
func (v keyTable) allActions() []keyAction {
	pair := keyAction{pairAction, v.links.Pair, func(can keys.Capabilities) bool { return can.Copy }}
	describe := keyAction{describeAction, v.links.Describe, func(can keys.Capabilities) bool { return can.Describe }}
	rotate := keyAction{rotateAction, v.links.Rotate, func(can keys.Capabilities) bool { return can.Rotate }}
	renew := keyAction{renewAction, v.links.Renew, func(can keys.Capabilities) bool { return can.Renew }}
	remove := keyAction{deleteAction, v.links.Delete, func(can keys.Capabilities) bool { return can.Delete }}
	if v.managed {
		tell := keyAction{tellAction, v.links.Handover, func(can keys.Capabilities) bool { return can.Copy }}
		return []keyAction{pair, tell, rotate, remove}
	}
	return []keyAction{pair, describe, rotate, renew, remove}
}

// path is what the address of an action has after that of its key.
func (v keyTable) path(action keyAction) string {
	const key = "-"
	return strings.TrimPrefix(action.address(key), v.links.Key(key)+"/")
}

// paths are those of the actions, for the script that builds the menu.
func (v keyRow) paths() string {
	paths := make([]string, len(v.actions))
	for i, action := range v.actions {
		paths[i] = v.path(action)
	}
	return strings.Join(paths, " ")
}

// opened reports whether the actions are shown in the row: what its menu leads to
// without scripts.
func (v keyRow) opened() bool {
	return v.more != "" && strings.HasPrefix(v.key.AccessKey, v.more)
}

// menu is the address of the list with the actions of the key shown, as seen from the
// list: in whole it would be the longest text of each row.
func (v keyRow) menu() string {
	values := v.order.Values()
	values.Set("more", v.key.AccessKey[:min(len(v.key.AccessKey), keyHead)])
	return "?" + values.Encode()
}
