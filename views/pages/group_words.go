package pages

// privilege says whether the members can have access keys.
func (v GroupPage) privilege() string {
	if v.Group.UseObjectStorage {
		return "This group gives Use Object Storage: its members can have access keys."
	}
	return "This group does not give Use Object Storage. To have access keys, its members need another group that does."
}

// none says that there are no members, where there are none.
func (v GroupPage) none() string {
	if v.Page > 1 {
		return "No members on this page."
	}
	return "No members."
}
