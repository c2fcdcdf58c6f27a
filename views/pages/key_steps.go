package pages

import (
	"keydeck/internal/toolconfig"
	"keydeck/views/components"
	"keydeck/views/links"
)

// pairSteps are the two steps of a pair; using says that it is at the second.
func pairSteps(to links.KeyLinks, accessKey, use string, using bool) []components.Tab {
	return []components.Tab{
		{Label: "Save your key", Href: to.Key(accessKey), Current: !using},
		{Label: "Use it", Href: use, Current: using},
	}
}

// steps are there with a secret alone: without it there is nothing to be used.
func (v KeyPair) steps() []components.Tab {
	if v.Lost {
		return nil
	}
	accessKey := v.Pair.Key.AccessKey
	return pairSteps(v.Links, accessKey, v.Links.Use(accessKey, firstTool(), ""), false)
}

func (v KeyUse) steps() []components.Tab {
	return pairSteps(v.Links, v.Key.AccessKey, v.Links.Use(v.Key.AccessKey, v.Tool.ID, v.At.ID), true)
}

// firstTool is shown where none was chosen.
func firstTool() string { return toolconfig.Tools()[0].ID }
