package sandbox_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	authsdk "github.com/ionos-cloud/sdk-go-auth"
	"github.com/ionos-cloud/sdk-go-bundle/products/objectstoragemanagement/v2"
	"github.com/ionos-cloud/sdk-go-bundle/shared"
	cloudsdk "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/sandbox"
)

// official is the three official clients, pointed at one sandbox and signed in
// as one user.
type official struct {
	management *objectstoragemanagement.APIClient
	cloud      *cloudsdk.APIClient
	auth       *authsdk.APIClient
}

func serve(t *testing.T, s *sandbox.Sandbox) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ConnContext = s.ConnContext
	srv.Start()
	t.Cleanup(srv.Close)
	return srv
}

func officialClients(t *testing.T, s *sandbox.Sandbox, email string) official {
	t.Helper()
	url := serve(t, s).URL
	token := s.Token(email, time.Hour)
	return official{
		management: objectstoragemanagement.NewAPIClient(shared.NewConfiguration("", "", token, url)),
		cloud:      cloudsdk.NewAPIClient(cloudsdk.NewConfiguration("", "", token, url+"/cloudapi/v6")),
		auth:       authsdk.NewAPIClient(authsdk.NewConfiguration(email, "sandbox", "", url+"/auth/v1")),
	}
}

// status fails the test unless the call was answered so.
func status(t *testing.T, name string, want int, r *http.Response, err error) {
	t.Helper()
	if r == nil || r.StatusCode != want || (err != nil) != (want >= 400) {
		t.Fatalf("%s: answer %v, error %v; want %d", name, r, err, want)
	}
}

func TestManagementSDK(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	ctx, api := context.Background(), officialClients(t, s, member).management
	keys, regions := api.AccesskeysApi, api.RegionsApi

	made, r, err := keys.AccesskeysPost(ctx).AccessKeyCreate(objectstoragemanagement.AccessKeyCreate{
		Properties: objectstoragemanagement.AccessKey{Description: "SDK"},
	}).Execute()
	status(t, "post", 201, r.Response, err)
	if made.Properties.SecretKey == "" || made.Metadata.Status != "AVAILABLE" || made.Metadata.CreatedDate == nil {
		t.Error("the SDK misses something of the key made")
	}
	found, r, err := keys.AccesskeysFindById(ctx, made.Id).Execute()
	status(t, "find", 200, r.Response, err)
	if found.Properties.SecretKey != "" || found.Properties.AccessKey != made.Properties.AccessKey {
		t.Error("the key found is not the key made without its secret")
	}
	put, r, err := keys.AccesskeysPut(ctx, made.Id).AccessKeyEnsure(objectstoragemanagement.AccessKeyEnsure{
		Properties: objectstoragemanagement.AccessKey{Description: "described"},
	}).Execute()
	status(t, "put", 200, r.Response, err)
	if put.Properties.Description != "described" {
		t.Error("not described")
	}
	_, r, err = keys.AccesskeysPut(ctx, "0f5c1b9e-6b1f-4a8e-9f0d-3a2b1c0d9e8f").AccessKeyEnsure(
		objectstoragemanagement.AccessKeyEnsure{}).Execute()
	status(t, "put a new one", 201, r.Response, err)
	renewed, r, err := keys.AccesskeysRenew(ctx, made.Id).Execute()
	status(t, "renew", 200, r.Response, err)
	if renewed.Properties.SecretKey == made.Properties.SecretKey {
		t.Error("not renewed")
	}
	list, r, err := keys.AccesskeysGet(ctx).Offset(0).Limit(1).Execute()
	status(t, "list", 200, r.Response, err)
	if len(list.Items) != 1 || list.Links.Next == nil || list.Links.Prev != nil {
		t.Errorf("a list of %d, links %+v", len(list.Items), list.Links)
	}
	list, r, err = keys.AccesskeysGet(ctx).FilterAccesskeyId(made.Id).Execute()
	status(t, "filter", 200, r.Response, err)
	if len(list.Items) != 1 {
		t.Errorf("filtered to %d", len(list.Items))
	}
	r, err = keys.AccesskeysDelete(ctx, made.Id).Execute()
	status(t, "delete", 202, r.Response, err)
	_, r, err = keys.AccesskeysFindById(ctx, made.Id).Execute()
	status(t, "find a deleted one", 404, r.Response, err)

	all, r, err := regions.RegionsGet(ctx).Execute()
	status(t, "regions", 200, r.Response, err)
	one, r, err := regions.RegionsFindByRegion(ctx, all.Items[0].Id).Execute()
	status(t, "region", 200, r.Response, err)
	if one.Properties.Endpoint != "s3.eu-central-3.ionoscloud.com" {
		t.Errorf("endpoint %s", one.Properties.Endpoint)
	}
}

func TestCloudSDKUsersAndGroups(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	ctx, api := context.Background(), officialClients(t, s, owner).cloud
	um := api.UserManagementApi

	users, r, err := um.UmUsersGet(ctx).Depth(1).Offset(0).Limit(100).Execute()
	status(t, "users", 200, r.Response, err)
	if len(*users.Items) != 12 {
		t.Errorf("%d users, want 12", len(*users.Items))
	}
	first := (*users.Items)[0]
	if *first.Properties.Email != owner || first.Metadata.CreatedDate == nil {
		t.Errorf("the first user is %s", *first.Properties.Email)
	}
	one, r, err := um.UmUsersFindById(ctx, *first.Id).Depth(1).Execute()
	status(t, "user", 200, r.Response, err)
	if one.Properties.S3CanonicalUserId == nil || one.Entities.Groups == nil {
		t.Error("the SDK misses something of the user")
	}
	groups, r, err := um.UmGroupsGet(ctx).Depth(1).Execute()
	status(t, "groups", 200, r.Response, err)
	storage := (*groups.Items)[0]
	if !*storage.Properties.S3Privilege {
		t.Error("the first group may not use object storage")
	}
	_, r, err = um.UmGroupsFindById(ctx, *storage.Id).Execute()
	status(t, "group", 200, r.Response, err)
	members, r, err := um.UmGroupsUsersGet(ctx, *storage.Id).Depth(1).Execute()
	status(t, "group's users", 200, r.Response, err)
	of, r, err := um.UmUsersGroupsGet(ctx, *(*members.Items)[0].Id).Depth(1).Execute()
	status(t, "user's groups", 200, r.Response, err)
	if *(*of.Items)[0].Id != *storage.Id {
		t.Error("the group's first user is not in it")
	}
	contracts, r, err := api.ContractResourcesApi.ContractsGet(ctx).Depth(1).Execute()
	status(t, "contracts", 200, r.Response, err)
	if p := (*contracts.Items)[0].Properties; *p.Owner != owner || *p.ContractNumber != 31718824 {
		t.Errorf("contract %d of %s", *p.ContractNumber, *p.Owner)
	}
}

func TestCloudSDKKeys(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	ctx, api := context.Background(), officialClients(t, s, admin).cloud
	keys, uid := api.UserS3KeysApi, idOf(t, s, member)

	made, r, err := keys.UmUsersS3keysPost(ctx, uid).Execute()
	status(t, "post", 200, r.Response, err)
	got, r, err := keys.UmUsersS3keysFindByKeyId(ctx, uid, *made.Id).Execute()
	status(t, "get", 200, r.Response, err)
	if *got.Properties.SecretKey != *made.Properties.SecretKey || !got.Metadata.CreatedDate.Equal(made.Metadata.CreatedDate.Time) {
		t.Error("the key got is not the key made")
	}
	inactive := false
	_, r, err = keys.UmUsersS3keysPut(ctx, uid, *made.Id).S3Key(cloudsdk.S3Key{
		Properties: &cloudsdk.S3KeyProperties{Active: &inactive},
	}).Execute()
	status(t, "put", 202, r.Response, err)
	id := strings.Split(r.Header.Get("Location"), "/requests/")[1]
	st, r, err := api.RequestsApi.RequestsStatusGet(ctx, strings.TrimSuffix(id, "/status")).Execute()
	status(t, "request", 200, r.Response, err)
	if *st.Metadata.Status != "DONE" || *st.Metadata.Message == "" {
		t.Errorf("request is %s", *st.Metadata.Status)
	}
	list, r, err := keys.UmUsersS3keysGet(ctx, uid).Depth(1).Execute()
	status(t, "list", 200, r.Response, err)
	if len(*list.Items) != 1 || *(*list.Items)[0].Properties.Active {
		t.Error("the list does not show one key, deactivated")
	}
	r, err = keys.UmUsersS3keysDelete(ctx, uid, *made.Id).Execute()
	status(t, "delete", 202, r.Response, err)
	_, r, err = keys.UmUsersS3keysFindByKeyId(ctx, uid, *made.Id).Execute()
	status(t, "get a deleted one", 422, r.Response, err)
}

func TestAuthSDK(t *testing.T) {
	s := newSandbox(t, sandbox.Config{})
	ctx, api := context.Background(), officialClients(t, s, member).auth.TokensApi

	made, r, err := api.TokensGenerate(ctx).Execute()
	status(t, "generate", 200, r.Response, err)
	withToken(t, s, *made.Token).want(200, "GET", "/accesskeys", "")
	list, r, err := api.TokensGet(ctx).Execute()
	status(t, "list", 200, r.Response, err)
	if len(*list.Tokens) != 2 {
		t.Fatalf("%d tokens, want 2", len(*list.Tokens))
	}
	last := *(*list.Tokens)[1].Id
	one, r, err := api.TokensFindById(ctx, last).XContractNumber(31718824).Execute()
	status(t, "find", 200, r.Response, err)
	if *one.Id != last {
		t.Error("found another")
	}
	gone, r, err := api.TokensDeleteById(ctx, last).XContractNumber(31718824).Execute()
	status(t, "delete", 200, r.Response, err)
	if !*gone.Success {
		t.Error("no success")
	}
	withToken(t, s, *made.Token).want(401, "GET", "/accesskeys", "")
	_, r, err = api.TokensDeleteByCriteria(ctx).Criteria("ALL").Execute()
	status(t, "delete all", 200, r.Response, err)
	_, r, err = api.TokensDeleteById(ctx, last).Execute()
	status(t, "delete again", 404, r.Response, err)
}
