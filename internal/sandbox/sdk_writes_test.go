package sandbox_test

import (
	"context"
	"strings"
	"testing"

	cloudsdk "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/sandbox"
)

// done waits, as the vendor's tools do, for the request that an answer names.
func done(t *testing.T, api *cloudsdk.APIClient, r *cloudsdk.APIResponse) {
	t.Helper()
	if _, err := api.WaitForRequest(t.Context(), r.Header.Get("Location")); err != nil {
		t.Fatal(err)
	}
}

func TestCloudSDKUserWrites(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1, Propagation: -1})
	ctx, api := context.Background(), officialClients(t, s, owner).cloud
	um := api.UserManagementApi
	text, yes, no := func(s string) *string { return &s }, true, false

	made, r, err := um.UmUsersPost(ctx).User(cloudsdk.UserPost{Properties: &cloudsdk.UserPropertiesPost{
		Firstname: text("Nia"), Lastname: text("Kaya"), Email: text("nia@keydeck.example"), Password: text("secret1"),
		Administrator: &no, ForceSecAuth: &no, Active: &yes,
	}}).Execute()
	status(t, "post", 202, r.Response, err)
	done(t, api, r)
	found, r, err := um.UmUsersGet(ctx).Depth(1).Filter("email", "Nia@keydeck.example").OrderBy("email").MaxResults(5).Execute()
	status(t, "filter", 200, r.Response, err)
	if len(*found.Items) != 1 || *(*found.Items)[0].Id != *made.Id {
		t.Errorf("the filter finds %d", len(*found.Items))
	}
	put, r, err := um.UmUsersPut(ctx, *made.Id).User(cloudsdk.UserPut{Id: made.Id, Properties: &cloudsdk.UserPropertiesPut{
		Firstname: text("Nia"), Lastname: text("Kaya"), Email: text("nia@keydeck.example"), Administrator: &yes, ForceSecAuth: &no, Active: &no,
	}}).Execute()
	status(t, "put", 202, r.Response, err)
	done(t, api, r)
	if *put.Properties.Active || !*put.Properties.Administrator {
		t.Error("the answer does not show the change")
	}
	_, r, err = um.UmUsersOwnsGet(ctx, *made.Id).Depth(1).Execute()
	status(t, "owns", 200, r.Response, err)
	sso, r, err := api.UserS3KeysApi.UmUsersS3ssourlGet(ctx, *made.Id).Execute()
	status(t, "single sign-on", 200, r.Response, err)
	if !strings.HasPrefix(*sso.SsoUrl, "http") {
		t.Errorf("the address is %q", *sso.SsoUrl)
	}
	_, r, err = um.UmResourcesGet(ctx).Execute()
	status(t, "resources", 200, r.Response, err)
	_, r, err = um.UmResourcesFindByType(ctx, "datacenter").Execute()
	status(t, "resources of a type", 200, r.Response, err)
	_, r, err = um.UmResourcesFindByTypeAndId(ctx, "datacenter", unknownID).Execute()
	status(t, "resource", 404, r.Response, err)
	r, err = um.UmUsersDelete(ctx, *made.Id).Execute()
	status(t, "delete", 202, r.Response, err)
	done(t, api, r)
	requests, r, err := api.RequestsApi.RequestsGet(ctx).Depth(1).Limit(2).FilterStatus("DONE").Execute()
	status(t, "requests", 200, r.Response, err)
	if len(*requests.Items) != 2 || requests.Links.Next == nil {
		t.Errorf("%d requests", len(*requests.Items))
	}
	one, r, err := api.RequestsApi.RequestsFindById(ctx, *(*requests.Items)[0].Id).Execute()
	status(t, "request", 200, r.Response, err)
	if *one.Properties.Method != "POST" {
		t.Errorf("the first request is a %s", *one.Properties.Method)
	}
}

func TestCloudSDKGroupWrites(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	ctx, api := context.Background(), officialClients(t, s, admin).cloud
	um, id := api.UserManagementApi, idOf(t, s, guest)
	name, yes := "Archive", true

	made, r, err := um.UmGroupsPost(ctx).Group(cloudsdk.Group{Properties: &cloudsdk.GroupProperties{Name: &name, S3Privilege: &yes}}).Execute()
	status(t, "post", 202, r.Response, err)
	done(t, api, r)
	added, r, err := um.UmGroupsUsersPost(ctx, *made.Id).User(cloudsdk.UserGroupPost{Id: &id}).Execute()
	status(t, "add", 202, r.Response, err)
	done(t, api, r)
	if *added.Id != id {
		t.Error("the answer is another user")
	}
	group, r, err := um.UmGroupsFindById(ctx, *made.Id).Execute()
	status(t, "get", 200, r.Response, err)
	group.Properties.CreateSnapshot = &yes
	put, r, err := um.UmGroupsPut(ctx, *made.Id).Group(cloudsdk.Group{Properties: group.Properties}).Execute()
	status(t, "put", 202, r.Response, err)
	done(t, api, r)
	if !*put.Properties.S3Privilege || !*put.Properties.CreateSnapshot {
		t.Error("what was read and sent back is lost")
	}
	_, r, err = um.UmGroupsResourcesGet(ctx, *made.Id).Execute()
	status(t, "resources", 200, r.Response, err)
	_, r, err = um.UmGroupsSharesGet(ctx, *made.Id).Execute()
	status(t, "shares", 200, r.Response, err)
	r, err = um.UmGroupsUsersDelete(ctx, *made.Id, id).Execute()
	status(t, "remove", 202, r.Response, err)
	done(t, api, r)
	r, err = um.UmGroupsDelete(ctx, *made.Id).Execute()
	status(t, "delete", 202, r.Response, err)
	done(t, api, r)
	_, r, err = um.UmGroupsFindById(ctx, *made.Id).Execute()
	status(t, "get a deleted one", 404, r.Response, err)
}
