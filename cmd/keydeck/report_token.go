package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"

	"keydeck/internal/secret"
)

// reportConfig is what keydeck report alone reads from the environment.
type reportConfig struct {
	Token     token  `env:"KEYDECK_TOKEN" help:"The API token of keydeck report."`
	TokenFile string `env:"KEYDECK_TOKEN_FILE" help:"A file with it, in its place."`
}

// token is an API token in a variable.
type token struct{ secret.Value }

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *token) UnmarshalText(text []byte) error {
	t.Value = secret.New(strings.TrimSpace(string(text)))
	return nil
}

// readToken returns the API token of the environment.
func readToken(environ []string) (secret.Value, error) {
	cfg, err := env.ParseAsWithOptions[reportConfig](env.Options{Environment: env.ToMap(environ)})
	switch {
	case err != nil:
		return secret.Value{}, errors.New("KEYDECK_TOKEN: cannot be read") // the cause may quote the value
	case !cfg.Token.IsZero() && cfg.TokenFile != "":
		return secret.Value{}, errors.New("KEYDECK_TOKEN and KEYDECK_TOKEN_FILE: only one of them can be set")
	case cfg.TokenFile != "":
		return readTokenFile(cfg.TokenFile)
	case cfg.Token.IsZero():
		return secret.Value{}, errors.New("KEYDECK_TOKEN or KEYDECK_TOKEN_FILE: one of them has to be set")
	default:
		return cfg.Token.Value, nil
	}
}

// maxTokenFile is far above the size of a token, in bytes.
const maxTokenFile = 64 << 10

func readTokenFile(name string) (secret.Value, error) {
	file, err := os.Open(name) //nolint:gosec // the path is what the administrator says
	if err != nil {
		return secret.Value{}, fmt.Errorf("KEYDECK_TOKEN_FILE: %w", err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxTokenFile))
	if err != nil {
		return secret.Value{}, fmt.Errorf("KEYDECK_TOKEN_FILE: %w", err)
	}
	found := secret.New(strings.TrimSpace(string(text)))
	if found.IsZero() {
		return secret.Value{}, fmt.Errorf("KEYDECK_TOKEN_FILE: %s is empty", name)
	}
	return found, nil
}
