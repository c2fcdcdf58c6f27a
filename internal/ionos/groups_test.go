package ionos_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keydeck/internal/keys"
)

// TestSetUseObjectStorage: all that a group has is sent back, also what is not known
// here; what cannot be read is not replaced.
func TestSetUseObjectStorage(t *testing.T) {
	t.Parallel()
	has := `{"id":"` + resourceID + `","properties":{"name":"Ops ","createDataCenter":true,"s3Privilege":false,"manageQuantum":true,"futureList":["a"]},"entities":{"users":{}}}`
	for name, tt := range map[string]struct {
		steps         []step
		want          error
		indeterminate bool
		sent          int
	}{
		"done":                    {[]step{answer(200, has), answer(202, has)}, nil, false, 2},
		"answered with nothing":   {[]step{answer(200, has), answer(202, "")}, nil, false, 2},
		"gone":                    {[]step{says(404, "no")}, keys.ErrNotFound, false, 1},
		"without a name":          {[]step{answer(200, `{"id":"`+resourceID+`","properties":{}}`)}, keys.ErrUnavailable, false, 1},
		"without properties":      {[]step{answer(200, `{"id":"`+resourceID+`"}`)}, keys.ErrUnavailable, false, 1},
		"forbidden":               {[]step{answer(200, has), says(403, "no")}, keys.ErrForbidden, false, 2},
		"gone meanwhile":          {[]step{answer(200, has), says(404, "no")}, keys.ErrNotFound, false, 2},
		"refused":                 {[]step{answer(200, has), says(422, "no")}, keys.ErrRejected, false, 2},
		"answer to the read lost": {[]step{breaks}, keys.ErrUnavailable, false, 3},
		"answer lost":             {[]step{answer(200, has), breaks}, keys.ErrUnavailable, true, 2},
		"not reached":             {[]step{answer(200, has), refuses}, keys.ErrUnavailable, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := play(t, tt.steps...)
			err := p.SetUseObjectStorage(t.Context(), resourceID, true)
			if !errors.Is(err, tt.want) || keys.Indeterminate(err) != tt.indeterminate {
				t.Errorf("got %v, indeterminate %v", err, keys.Indeterminate(err))
			}
			if tt.sent > 0 && len(p.sent) != tt.sent {
				t.Errorf("%d requests, want %d", len(p.sent), tt.sent)
			}
			if len(p.sent) < 2 || len(tt.steps) < 2 {
				return
			}
			var got any
			if err := json.Unmarshal([]byte(p.sent[1].body), &got); err != nil {
				t.Fatalf("sent %q: %v", p.sent[1].body, err)
			}
			want := map[string]any{"properties": map[string]any{
				"name": "Ops ", "createDataCenter": true, "s3Privilege": true, "manageQuantum": true, "futureList": []any{"a"},
			}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("sent (-want +got)\n%s", diff)
			}
		})
	}
}
