package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
)

// The sandbox's accounts: one with five keys, and an administrator.
const (
	fullAccount  = "full@keydeck.example"
	adminAccount = "admin@keydeck.example"
)

// userID returns a user's id, which it finds by the console's search.
func (v *visitor) userID(ctx context.Context, email string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.console+"/users?q="+email, nil)
	if err != nil {
		return "", err
	}
	v.secure(request)
	response, err := v.client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`/users/([0-9a-f-]{36})"`).FindSubmatch(page)
	if found == nil {
		return "", errors.New("no such user: " + email)
	}
	return string(found[1]), nil
}

// selfPath is this program.
func selfPath() (string, error) { return os.Executable() }
