package sandbox_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/sandbox"
)

const randomAt = "/_sandbox/random-faults"

// statusOf returns the status of an answer, or 0 when the connection was closed.
func statusOf(t *testing.T, s *sandbox.Sandbox, auth, method, path string) (status int) {
	t.Helper()
	defer func() {
		if err, _ := recover().(error); err != nil && !errors.Is(err, http.ErrAbortHandler) {
			panic(err)
		}
	}()
	r := httptest.NewRequest(method, path, strings.NewReader(`{"properties":{}}`))
	r.Header.Set("Authorization", auth)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code
}

// statuses are those of a hundred requests by two users.
func statuses(t *testing.T, seed string) []int {
	t.Helper()
	s := newSandbox(t, sandbox.Config{})
	anonymous(t, s).want(200, "POST", randomAt, `{"seed":`+seed+`,"path":"/accesskeys","throttle":0.1,"fail":0.1,"dropBefore":0.1,"dropAfter":0.1}`)
	var met []int
	for range 50 {
		for _, who := range []string{full, owner} {
			met = append(met, statusOf(t, s, as(t, s, who).auth, "GET", "/accesskeys"))
		}
	}
	return met
}

func TestRandomFaults(t *testing.T) {
	first, again, other := statuses(t, "7"), statuses(t, "7"), statuses(t, "8")
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the same seed brings something else: %s", diff)
	}
	if cmp.Equal(first, other) {
		t.Error("another seed brings the same")
	}
	kinds := map[int]int{}
	for _, status := range first {
		kinds[status]++
	}
	if kinds[200] < 30 || kinds[429] == 0 || kinds[0] == 0 || kinds[200]+kinds[429]+kinds[0] == 100 {
		t.Errorf("it brings %v", kinds)
	}
}

func TestRandomFaultsKinds(t *testing.T) {
	for kind, want := range map[string]struct {
		status []int
		made   int // keys by one POST
		took   time.Duration
	}{
		"throttle":   {[]int{429}, 0, 0},
		"fail":       {[]int{500, 502, 503, 504}, 0, 0},
		"failAfter":  {[]int{500, 502, 503, 504}, 1, 0},
		"dropBefore": {[]int{0}, 0, 0},
		"dropAfter":  {[]int{0}, 1, 0},
		"hang":       {[]int{201}, 1, 15 * time.Second},
		"delay":      {[]int{201}, 1, 0},
	} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSandbox(t, sandbox.Config{})
				c, ctl := as(t, s, member), anonymous(t, s)
				ctl.want(200, "POST", randomAt, `{"seed":1,"path":"/accesskeys","`+kind+`":1}`)
				began := time.Now()
				status := statusOf(t, s, c.auth, "POST", "/accesskeys")
				took := time.Since(began)
				if kind == "delay" && (took == 0 || took > 200*time.Millisecond) || kind != "delay" && took != want.took {
					t.Errorf("took %v", took)
				}
				found := false
				for _, expected := range want.status {
					found = found || status == expected
				}
				if !found {
					t.Errorf("answered %d", status)
				}
				if met, _ := ctl.want(200, "GET", randomAt, "").at("counts", kind).(float64); met != 1 {
					t.Errorf("%v counted", met)
				}
				c.want(200, "GET", cloud+"/contracts", "") // elsewhere it is fine
				ctl.want(200, "DELETE", randomAt, "")
				if n := len(c.want(200, "GET", "/accesskeys", "").items()); n != want.made {
					t.Errorf("%d keys", n)
				}
			})
		})
	}
}

func TestRandomFaultsRefused(t *testing.T) {
	ctl := anonymous(t, newSandbox(t, sandbox.Config{}))
	for name, body := range map[string]string{
		"no path": `{"fail":0.1}`, "nothing": `{"path":"/"}`, "too likely": `{"path":"/","fail":1.1}`, "below zero": `{"path":"/","fail":-0.1}`,
		"too much": `{"path":"/","fail":0.6,"throttle":0.6}`, "odd delay": `{"path":"/","delay":1,"maxDelay":"soon"}`, "odd field": `{"path":"/","wind":1}`,
	} {
		if a := ctl.do("POST", randomAt, body); a.status != 400 || a.str("error") == "" {
			t.Errorf("%s: status %d, error %q", name, a.status, a.str("error"))
		}
	}
}

// TestFaultWithWork: a gateway fails, and what it stands for has done it.
func TestFaultWithWork(t *testing.T) {
	s := newSandbox(t, sandbox.Config{Provisioning: -1})
	c, ctl := as(t, s, member), anonymous(t, s)
	ctl.want(200, "POST", faults, `{"method":"POST","path":"/accesskeys","status":502,"work":true}`)
	if status := statusOf(t, s, c.auth, "POST", "/accesskeys"); status != 502 {
		t.Errorf("answered %d", status)
	}
	if n := len(c.want(200, "GET", "/accesskeys", "").items()); n != 1 {
		t.Errorf("%d keys", n)
	}
	if a := ctl.do("POST", faults, `{"path":"/","work":true,"delay":"1s"}`); a.status != 400 {
		t.Errorf("work without a status: %d", a.status)
	}
}
