// Package components holds the pieces that pages are made of: dialogs, fields,
// secrets, badges, tables' furniture. They know nothing of keys, addresses or
// requests; every word that depends on those comes in.
//
// They carry no script and no style of their own. What they do in a browser is
// in static/css and, by their data attributes, in static/js; without scripts
// they all work but the copy buttons, which are then not shown.
package components
