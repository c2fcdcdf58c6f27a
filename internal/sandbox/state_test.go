package sandbox_test

import (
	"strings"
	"sync"
	"testing"

	"keydeck/internal/sandbox"
)

func TestState(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, member)
	uid := idOf(t, s, member)

	a := c.want(201, "POST", "/accesskeys", "")
	k := c.want(200, "GET", s3keys(uid, a.str("properties", "accessKey")), "")
	if k.str("properties", "secretKey") != a.str("properties", "secretKey") {
		t.Error("the Cloud API gives another secret")
	}
	b := c.want(200, "POST", s3keys(uid), "")
	if b.at("properties", "active") != true {
		t.Error("a key made through the Cloud API is not active")
	}
	if got := c.want(200, "GET", "/accesskeys?filter.accesskeyId="+b.str("id"), ""); len(got.items()) != 1 {
		t.Error("a key made through the Cloud API is not in the Management API")
	}
	c.want(202, "DELETE", "/accesskeys/"+a.str("id"), "")
	c.want(422, "GET", s3keys(uid, a.str("properties", "accessKey")), "")
	c.want(202, "DELETE", s3keys(uid, b.str("id")), "")
	if got := c.want(200, "GET", "/accesskeys", ""); len(got.items()) != 0 {
		t.Error("a key deleted through the Cloud API is still in the Management API")
	}
}

func TestFiveKeys(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, full)
	uid := idOf(t, s, full)
	for _, a := range []answer{
		c.want(422, "POST", "/accesskeys", ""),
		c.want(422, "PUT", "/accesskeys/0f5c1b9e-6b1f-4a8e-9f0d-3a2b1c0d9e8f", `{"properties":{}}`),
		c.want(422, "POST", s3keys(uid), ""),
		as(t, s, admin).want(422, "POST", s3keys(uid), ""),
	} {
		if !strings.Contains(a.message(), "maximum number of 5") {
			t.Errorf("message %q", a.message())
		}
	}
	first := c.want(200, "GET", "/accesskeys", "").str("items", 0, "id")
	c.want(202, "DELETE", "/accesskeys/"+first, "")
	c.want(201, "POST", "/accesskeys", "")
}

func TestNoPrivilege(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c := as(t, s, guest)
	uid := idOf(t, s, guest)
	for _, method := range []string{"GET", "POST"} {
		if a := c.want(403, method, "/accesskeys", ""); !strings.Contains(a.message(), "ACCESS_S3_OBJECT_STORAGE") {
			t.Errorf("message %q does not name the privilege", a.message())
		}
	}
	for _, who := range []string{guest, owner} {
		a := as(t, s, who).want(422, "POST", s3keys(uid), "")
		want := "The user needs to be part of a group that has ACCESS_S3_OBJECT_STORAGE privilege"
		if !strings.Contains(a.message(), want) {
			t.Errorf("message %q", a.message())
		}
	}
}

// TestConcurrentCreation is for the race detector, and for the limit.
func TestConcurrentCreation(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	var wg sync.WaitGroup
	for range 20 {
		c := as(t, s, member)
		wg.Go(func() {
			c.do("POST", "/accesskeys", "")
			c.do("GET", "/accesskeys", "")
		})
	}
	wg.Wait()
	if n := len(as(t, s, member).want(200, "GET", "/accesskeys", "").items()); n != 5 {
		t.Errorf("%d keys, want 5", n)
	}
}
