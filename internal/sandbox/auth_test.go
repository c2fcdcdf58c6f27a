package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"keydeck/internal/sandbox"
)

// withPassword signs in by Basic.
func withPassword(t *testing.T, s *sandbox.Sandbox, email, password string) *client {
	t.Helper()
	c := anonymous(t, s)
	c.auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(email+":"+password))
	return c
}

func withToken(t *testing.T, s *sandbox.Sandbox, token string) *client {
	t.Helper()
	c := anonymous(t, s)
	c.auth = "Bearer " + token
	return c
}

func TestGenerateToken(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	generate := auth + "/tokens/generate"
	for query, status := range map[string]int{
		"": 200, "?ttl=60": 200, "?ttl=31536000": 200, "?ttl=59": 400, "?ttl=31536001": 400, "?ttl=x": 400,
	} {
		withPassword(t, s, member, "sandbox").want(status, "GET", generate+query, "")
	}
	refused := map[string]string{}
	for name, c := range map[string]*client{
		"wrong password":   withPassword(t, s, member, "Sandbox"),
		"empty password":   withPassword(t, s, member, ""),
		"unknown":          withPassword(t, s, "nobody@keydeck.example", "sandbox"),
		"two factors":      withPassword(t, s, twofa, "sandbox"),
		"no credentials":   anonymous(t, s),
		"no token":         withToken(t, s, "abc.def.ghi"),
		"empty token":      withToken(t, s, ""),
		"token for Basic?": withPassword(t, s, s.Token(member, time.Hour), ""),
	} {
		refused[c.want(401, "GET", generate, "").text] = name
	}
	if len(refused) != 1 {
		t.Errorf("refusals differ: %v", refused)
	}
	withPassword(t, s, "MEMBER@keydeck.example", "sandbox").want(200, "GET", generate, "")
	withPassword(t, s, member, "sandbox").want(401, "GET", "/accesskeys", "")
	as(t, s, twofa).want(200, "GET", generate, "")
}

func TestTokenForm(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	roles := map[string]string{owner: "owner", admin: "admin", member: "user"}
	for email, role := range roles {
		token := s.Token(email, time.Minute)
		if len(token) < 800 || len(token) > 1700 {
			t.Errorf("a token of %d bytes", len(token))
		}
		parts := strings.Split(token, ".")
		var header struct{ Alg, Kid string }
		var payload struct {
			Iss, Client string
			Iat, Exp    int64
			Identity    struct {
				UUID, Role, RegDomain string
				ContractNumber        int64
				Privileges            []string
				IsParent              *bool
			}
		}
		for i, into := range []any{&header, &payload} {
			raw, err := base64.RawURLEncoding.DecodeString(parts[i])
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, into); err != nil {
				t.Fatal(err)
			}
		}
		if header.Alg != "RS256" || len(header.Kid) != 36 {
			t.Errorf("header %+v", header)
		}
		id := payload.Identity
		if payload.Iss != "ionoscloud" || payload.Client != "USER" || payload.Exp-payload.Iat != 60 ||
			id.Role != role || id.ContractNumber != 31718824 || id.UUID != idOf(t, s, email) || id.IsParent == nil {
			t.Errorf("payload of %s: %+v", email, payload)
		}
		if !strings.Contains(strings.Join(id.Privileges, " "), "ACCESS_S3_OBJECT_STORAGE") {
			t.Errorf("privileges of %s: %v", email, id.Privileges)
		}
	}
}

func TestVerifyToken(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	token := s.Token(member, time.Minute)
	parts := strings.Split(token, ".")
	other := strings.Split(s.Token(owner, time.Minute), ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	for name, bad := range map[string]string{
		"another's payload": parts[0] + "." + other[1] + "." + parts[2],
		"no algorithm":      none + "." + parts[1] + ".",
		"cut short":         token[:len(token)-8],
		"expired at issue":  s.Token(member, -time.Minute),
	} {
		if a := withToken(t, s, bad).do("GET", "/accesskeys", ""); a.status != 401 {
			t.Errorf("%s: status %d", name, a.status)
		}
	}
	c := withToken(t, s, token)
	c.want(200, "GET", "/accesskeys", "")
	withToken(t, newSandbox(t, sandbox.Config{Now: clk.Now}), token).want(200, "GET", "/accesskeys", "") // after a restart
	clk.advance(59 * time.Second)
	c.want(200, "GET", "/accesskeys", "")
	clk.advance(time.Second)
	c.want(401, "GET", "/accesskeys", "")
	if s.Token("nobody@keydeck.example", time.Hour) != "" {
		t.Error("a token for an unknown user")
	}
}

func TestTokenListAndRevocation(t *testing.T) {
	clk := newClock()
	s := newSandbox(t, sandbox.Config{Now: clk.Now})
	first, second := as(t, s, member), as(t, s, member)
	s.Token(member, time.Minute)
	list := first.want(200, "GET", auth+"/tokens", "")
	tokens, _ := list.at("tokens").([]any)
	if len(tokens) != 3 || list.str("tokens", 0, "createdDate") != "2026-03-01T12:00:00Z" ||
		list.str("tokens", 0, "expirationDate") != "2026-03-01T13:00:00Z" {
		t.Fatalf("tokens %v", tokens)
	}
	path := auth + "/tokens/" + list.str("tokens", 0, "id")
	second.want(200, "GET", path, "")
	as(t, s, owner).want(404, "GET", path, "")
	as(t, s, owner).want(404, "DELETE", path, "")
	if a := second.want(200, "DELETE", path, ""); a.at("success") != true {
		t.Error("no success")
	}
	first.want(401, "GET", "/accesskeys", "")
	second.want(404, "GET", path, "")

	clk.advance(2 * time.Minute)
	second.want(200, "DELETE", auth+"/tokens?criteria=EXPIRED", "")
	if tokens, _ := second.want(200, "GET", auth+"/tokens", "").at("tokens").([]any); len(tokens) != 1 {
		t.Errorf("%d tokens left, want 1", len(tokens))
	}
	second.want(400, "DELETE", auth+"/tokens", "")
	second.want(400, "DELETE", auth+"/tokens?criteria=all", "")
	withPassword(t, s, member, "sandbox").want(400, "DELETE", auth+"/tokens?criteria=CURRENT", "")
	second.want(200, "DELETE", auth+"/tokens?criteria=CURRENT", "")
	second.want(401, "GET", auth+"/tokens", "")

	third, fourth := as(t, s, member), as(t, s, member)
	withPassword(t, s, member, "sandbox").want(200, "DELETE", auth+"/tokens?criteria=ALL", "")
	third.want(401, "GET", "/accesskeys", "")
	fourth.want(401, "GET", "/accesskeys", "")
}
