package keystest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

var directoryTests = []test{
	{"everyone may read themselves", func(t *testing.T, f Fixture) {
		for _, p := range []Person{f.Owner, f.Administrator, f.Member, f.Full, f.Guest} {
			u := must[keys.User](t)(p.User(t.Context(), p.ID()))
			if u.ID != p.ID() || u.Email != p.Email || u.Name() == "" || !u.Active || u.Created.IsZero() {
				t.Errorf("%s is told to be %+v", p.Email, u)
			}
		}
	}},
	{"the canonical user id comes with the first key", func(t *testing.T, f Fixture) {
		if id := must[keys.User](t)(f.Member.User(t.Context(), f.Member.ID())).CanonicalUserID; id != "" {
			t.Errorf("canonical user id %q before", id)
		}
		must[keys.KeyPair](t)(f.Member.CreateOwnKey(t.Context(), ""))
		f.Settle()
		if must[keys.User](t)(f.Member.User(t.Context(), f.Member.ID())).CanonicalUserID == "" {
			t.Error("no canonical user id after")
		}
	}},
	{"administrators are marked", func(t *testing.T, f Fixture) {
		for _, p := range []Person{f.Administrator, f.Member} {
			if u := must[keys.User](t)(f.Owner.User(t.Context(), p.ID())); u.Administrator != (p.ID() == f.Administrator.ID()) {
				t.Errorf("%s: administrator %v", p.Email, u.Administrator)
			}
		}
	}},
	{"membership", membership},
	{"privilege of a group", privilege},
	{"deactivation", deactivation},
	{"unknown user", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", "..", "a/b"} {
			_, err := f.Owner.User(t.Context(), id)
			wantKind(t, id, err, keys.ErrNotFound)
			_, err = f.Owner.UserGroups(t.Context(), id)
			wantKind(t, id, err, keys.ErrNotFound)
		}
	}},
	{"another user, for a member", func(t *testing.T, f Fixture) {
		_, err := f.Member.User(t.Context(), f.Owner.ID())
		wantKind(t, "User", err, keys.ErrForbidden, keys.ErrNotFound)
	}},
	{"users, page by page", usersByPage},
	{"one user, by e-mail", userByEmail},
	{"lists are for owners and administrators", func(t *testing.T, f Fixture) {
		_, err := f.Member.Users(t.Context(), keys.Page{Limit: 10})
		wantKind(t, "Users", err, keys.ErrForbidden)
		_, err = f.Member.UsersByEmail(t.Context(), f.Full.Email)
		wantKind(t, "UsersByEmail", err, keys.ErrForbidden)
		_, err = f.Member.Groups(t.Context())
		wantKind(t, "Groups", err, keys.ErrForbidden)
	}},
	{"a user's groups, with the privilege", func(t *testing.T, f Fixture) {
		use := func(g keys.Group) bool { return g.UseObjectStorage }
		if list := must[[]keys.Group](t)(f.Owner.UserGroups(t.Context(), f.Member.ID())); !slices.ContainsFunc(list, use) {
			t.Errorf("the member's groups: %+v", list)
		}
		if list := must[[]keys.Group](t)(f.Owner.UserGroups(t.Context(), f.Guest.ID())); slices.ContainsFunc(list, use) {
			t.Errorf("the guest's groups: %+v", list)
		}
	}},
	{"groups and their members", groupsAndMembers},
	{"unknown group", func(t *testing.T, f Fixture) {
		for _, id := range []string{unknownID, "", "..", "a/b"} {
			_, err := f.Owner.Group(t.Context(), id)
			wantKind(t, id, err, keys.ErrNotFound)
			_, err = f.Owner.GroupMembers(t.Context(), id, keys.Page{})
			wantKind(t, id, err, keys.ErrNotFound)
		}
	}},
	{"the token's contract", func(t *testing.T, f Fixture) {
		c := must[keys.Contract](t)(f.Owner.Contract(t.Context()))
		if c.Number != f.Owner.Identity.Contract || c.OwnerEmail != f.Owner.Email || c.Status == "" {
			t.Errorf("contract %+v", c)
		}
	}},
}

func usersByPage(t *testing.T, f Fixture) {
	var all []keys.User
	for {
		page := must[[]keys.User](t)(f.Administrator.Users(t.Context(), keys.Page{Offset: len(all), Limit: 2}))
		if len(page) > 2 {
			t.Fatalf("%d users on a page of 2", len(page))
		}
		all = append(all, page...)
		if len(page) < 2 {
			break
		}
	}
	var ids []string
	for _, u := range all {
		if !keys.ValidUserID(u.ID) || !strings.Contains(u.Email, "@") {
			t.Errorf("user %+v", u)
		}
		ids = append(ids, u.ID)
	}
	slices.Sort(ids)
	if unique := slices.Compact(slices.Clone(ids)); len(unique) != len(ids) {
		t.Error("a user is on two pages")
	}
	for _, p := range []Person{f.Owner, f.Administrator, f.Member, f.Full, f.Guest} {
		if !slices.Contains(ids, p.ID()) {
			t.Errorf("%s is on no page", p.Email)
		}
	}
	if rest := must[[]keys.User](t)(f.Administrator.Users(t.Context(), keys.Page{Offset: len(all), Limit: 2})); len(rest) != 0 {
		t.Errorf("%d users behind the last", len(rest))
	}
	if whole := must[[]keys.User](t)(f.Administrator.Users(t.Context(), keys.Page{Limit: 100000})); len(whole) != min(len(all), 100) {
		t.Errorf("%d users where the limit is above the bound", len(whole))
	}
}

// userByEmail: an API that honours the filter returns the user whom a list of all
// holds.
func userByEmail(t *testing.T, f Fixture) {
	all := must[[]keys.User](t)(f.Administrator.Users(t.Context(), keys.Page{}))
	for _, address := range []string{f.Full.Email, strings.ToUpper(f.Full.Email)} {
		found := must[[]keys.User](t)(f.Administrator.UsersByEmail(t.Context(), address))
		if len(found) != 1 || found[0].ID != f.Full.ID() {
			t.Fatalf("%s: %+v", address, found)
		}
		listed := all[slices.IndexFunc(all, func(u keys.User) bool { return u.ID == f.Full.ID() })]
		if diff := cmp.Diff(listed, found[0]); diff != "" {
			t.Errorf("%s (-listed +found)\n%s", address, diff)
		}
	}
	for _, address := range []string{"nobody@example.com", f.Full.Email[1:], "a+b&c=d@example.com"} {
		if found := must[[]keys.User](t)(f.Administrator.UsersByEmail(t.Context(), address)); len(found) != 0 {
			t.Errorf("%s: %+v", address, found)
		}
	}
}

// membership has a member leave their groups and come back, and an account deactivated
// and activated, as those see it who may.
func membership(t *testing.T, f Fixture) {
	id := f.Member.ID()
	groups := func() []string { return must[keys.User](t)(f.Owner.User(t.Context(), id)).Groups }
	before := groups()
	if len(before) == 0 {
		t.Fatal("the member is in no group")
	}
	for range 2 { // the second time there is nothing to be done
		if err := f.Owner.RemoveMember(t.Context(), before[0], id); err != nil {
			t.Fatal(err)
		}
		f.Settle()
		if slices.Contains(groups(), before[0]) {
			t.Error("still a member")
		}
	}
	for range 2 {
		if err := f.Owner.AddMember(t.Context(), before[0], id); err != nil {
			t.Fatal(err)
		}
		f.Settle()
		if !slices.Contains(groups(), before[0]) {
			t.Error("not a member again")
		}
	}
	for what, err := range map[string]error{
		"a member adds": f.Member.AddMember(t.Context(), before[0], id), "a member removes": f.Member.RemoveMember(t.Context(), before[0], id),
		"a member deactivates": f.Member.SetUserActive(t.Context(), keys.User{ID: id, FirstName: "A", LastName: "B", Email: "c@keydeck.example"}, false),
	} {
		wantKind(t, what, err, keys.ErrForbidden)
	}
	for what, err := range map[string]error{
		"no group": f.Owner.AddMember(t.Context(), unknownID, id), "from no group": f.Owner.RemoveMember(t.Context(), unknownID, id), "nobody": f.Owner.SetUserActive(t.Context(), keys.User{ID: unknownID, FirstName: "A", LastName: "B", Email: "a@example.com"}, true),
	} {
		wantKind(t, what, err, keys.ErrNotFound)
	}
}

// privilege changes nothing of a group but whether it gives Use Object Storage.
func privilege(t *testing.T, f Fixture) {
	id := must[keys.User](t)(f.Owner.User(t.Context(), f.Member.ID())).Groups[0]
	before := must[keys.Group](t)(f.Owner.Group(t.Context(), id))
	for _, gives := range []bool{!before.UseObjectStorage, before.UseObjectStorage} {
		for range 2 { // the second time there is nothing to be done
			if err := f.Owner.SetUseObjectStorage(t.Context(), id, gives); err != nil {
				t.Fatal(err)
			}
			f.Settle()
			want := before
			want.UseObjectStorage = gives
			if diff := cmp.Diff(want, must[keys.Group](t)(f.Owner.Group(t.Context(), id))); diff != "" {
				t.Errorf("gives %v (-want +got)\n%s", gives, diff)
			}
		}
	}
	wantKind(t, "by a member", f.Member.SetUseObjectStorage(t.Context(), id, true), keys.ErrForbidden)
	wantKind(t, "no group", f.Owner.SetUseObjectStorage(t.Context(), unknownID, true), keys.ErrNotFound)
}

// deactivation changes nothing of a user but whether their account is active.
func deactivation(t *testing.T, f Fixture) {
	before := must[keys.User](t)(f.Owner.User(t.Context(), f.Full.ID()))
	for _, active := range []bool{false, true} {
		if err := f.Owner.SetUserActive(t.Context(), must[keys.User](t)(f.Owner.User(t.Context(), f.Full.ID())), active); err != nil {
			t.Fatal(err)
		}
		f.Settle()
		want := before
		want.Active = active
		if diff := cmp.Diff(want, must[keys.User](t)(f.Owner.User(t.Context(), f.Full.ID()))); diff != "" {
			t.Errorf("active %v (-want +got)\n%s", active, diff)
		}
	}
}

func groupsAndMembers(t *testing.T, f Fixture) {
	list := must[[]keys.Group](t)(f.Owner.Groups(t.Context()))
	if len(list) == 0 {
		t.Fatal("no groups")
	}
	home := 0
	for _, g := range list {
		if g.Name == "" {
			t.Errorf("group %+v", g)
		}
		if diff := cmp.Diff(g, must[keys.Group](t)(f.Owner.Group(t.Context(), g.ID))); diff != "" {
			t.Errorf("(-list +group)\n%s", diff)
		}
		members := must[[]keys.User](t)(f.Owner.GroupMembers(t.Context(), g.ID, keys.Page{}))
		at := slices.IndexFunc(members, func(u keys.User) bool { return u.ID == f.Member.ID() })
		if at >= 0 && g.UseObjectStorage && members[at].Email == f.Member.Email {
			home++
		}
	}
	if home == 0 {
		t.Error("the member is in no group with the privilege")
	}
}

var regionsTests = []test{
	{"with host names of endpoints", func(t *testing.T, f Fixture) {
		kinds := map[bool]int{}
		for _, region := range must[[]keys.Region](t)(f.Member.Regions(t.Context())) {
			if region.ID == "" || region.Location == "" || region.Endpoint == "" || strings.ContainsAny(region.Endpoint, ":/") {
				t.Errorf("region %+v", region)
			}
			kinds[keys.UserOwnedRegion(region.ID)]++
		}
		if kinds[true] == 0 || kinds[false] == 0 {
			t.Errorf("regions of user-owned and other buckets: %v", kinds)
		}
	}},
}
