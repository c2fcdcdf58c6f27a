package ionos_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"keydeck/internal/keys"
)

// TestDoErrorsHoldNoSecret: neither what was sent nor what came back is in any
// error, however it is printed.
func TestDoErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	secrets := []string{canary, token().Reveal(), base64.StdEncoding.EncodeToString([]byte("a@example.com:" + canary))}
	key := fmt.Sprintf(`{"id":%q,"secretKey":%q,"properties":{"secretKey":%q,"active":"yes"},"token":%q`, accessKey, canary, canary, canary)
	outcomes := []step{
		answer(200, key), // no JSON: it does not end
		answer(200, key+"}"),
		answer(201, key+"}", "Content-Type", "text/plain"),
		answer(400, key+"}"),
		answer(403, key+"}"),
		answer(404, key),
		answer(422, key+"}"),
		answer(500, key+"}"),
		says(401, "Bearer "+token().Reveal()+" is not known"),
		answer(429, key+"}", "Retry-After", canary),
		answer(307, key+"}", "Location", "http://elsewhere.test/?token="+canary),
		breaks, refuses,
	}
	for i, outcome := range outcomes {
		for _, c := range calls {
			err := c.run(t.Context(), play(t, outcome))
			if err == nil {
				continue
			}
			var logged bytes.Buffer
			slog.New(slog.NewTextHandler(&logged, nil)).Error("failed", "error", err)
			e, _ := errors.AsType[*keys.Error](err)
			printed := fmt.Sprintf("%v %+v %#v %s %v %#v", err, err, err, logged.String(), e.Err, e.Err)
			for _, secret := range secrets {
				if strings.Contains(printed, secret) {
					t.Errorf("%s, outcome %d: %s", c.name, i, printed)
				}
			}
		}
	}
}
