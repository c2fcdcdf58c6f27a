package web

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

const (
	// contractTimeout is how long the page waits for keys to be read before it shows
	// those read so far and polls.
	contractTimeout = 700 * time.Millisecond
	// contractPoll is the pause before such a page polls.
	contractPoll = time.Second
)

// contractAsker is the signed-in person as one who lists the keys of the contract.
func contractAsker(v *scope) contractkeys.Asker {
	return contractkeys.Asker{Contract: v.session.Contract, Session: v.session.ID(), Remote: v.remote}
}

// contractQuery is what an address asks of the list of all keys.
type contractQuery struct {
	filter keyreport.Filter
	since  time.Time // the keys must have been read since then; zero for a few minutes
	stop   bool      // what there is, without going on to read
	all    bool      // all keys that match are selected
	chosen bool      // there is any parameter
}

// parseContractQuery reads the parameters of an address. Its error names the values
// that are good.
func parseContractQuery(v *scope) (contractQuery, error) {
	values := v.QueryParams()
	q := contractQuery{stop: values.Get("stop") != "", all: values.Get("select") == "all", chosen: len(values) > 0}
	filter, err := keyreport.Parse(values)
	if wrong, ok := errors.AsType[*keyreport.ValueError](err); ok {
		return q, &keys.Error{Kind: keys.ErrInvalid, Op: "filter keys", Message: pages.FilterValueWords(wrong)}
	}
	q.filter = filter
	if since := values.Get("since"); since != "" {
		moment, err := strconv.ParseInt(since, 10, 64)
		if err != nil || moment < 0 {
			return q, &keys.Error{Kind: keys.ErrInvalid, Op: "filter keys", Message: pages.BadSince}
		}
		q.since = time.UnixMilli(moment)
	}
	return q, nil
}

// listContractKeys is Keys: every key of the contract, as far as it has been read.
// The reading goes on while pages ask for it, and without scripts the page refreshes
// itself.
func (s *Server) listContractKeys(v *scope) error {
	q, err := parseContractQuery(v)
	if err != nil {
		return err
	}
	var found contractkeys.Snapshot
	if q.stop {
		found, err = s.reports.Peek(v.Request().Context(), contractAsker(v))
	} else {
		found, err = s.reports.Recent(v.Request().Context(), contractAsker(v), q.since, contractTimeout)
	}
	if err != nil {
		return err
	}
	page := s.contractPage(q, found)
	if found.Err != nil {
		if isAny(found.Err, keys.ErrUnauthorized) || keys.KindName(found.Err) == "" {
			return found.Err
		}
		p := s.problemFor(v, found.Err)
		s.logProblem(v, p, found.Err)
		page.Trouble = p.title + ". " + p.text + " " + inTime(p.wait)
	}
	shown := view{
		news:  true,
		title: "Keys", current: menuUsers,
		page: pages.ContractKeysPage(page), part: pages.ContractKeysPart(page), address: page.Address(),
	}
	if page.Running {
		shown.refresh = refreshIn(found.Wait, page.Address())
	}
	return s.respond(v, http.StatusOK, shown)
}

// contractPage is the page of what has been read.
func (s *Server) contractPage(q contractQuery, found contractkeys.Snapshot) pages.ContractKeys {
	threshold := int(s.maxAge / (24 * time.Hour))
	page := pages.ContractKeys{
		Links: s.links, Filter: q.filter, Report: keyreport.New(found, q.filter, threshold, s.now()), Threshold: threshold,
		SelectAll: q.all, Chosen: q.chosen,
		Since: q.since, AsOf: found.AsOf, Now: s.now(),
		Users: found.Users, Looked: found.Looked, Total: len(found.Entries), Listed: found.Listed,
		Done: found.Done(), Partial: found.Partial, GroupsUnknown: found.Listed && found.Privileges.Err() != nil,
	}
	if (found.Running || found.Wait > 0) && !q.stop {
		page.Running, page.PollIn = true, max(found.Wait, contractPoll).String()
		if found.Wait >= time.Second {
			page.Wait = pages.GoesOnIn(found.Wait)
		}
	}
	return page
}

// refreshIn has a page without scripts look again after a wait.
func refreshIn(wait time.Duration, address string) string {
	return strconv.Itoa(int(cmp.Or((wait+time.Second-1).Truncate(time.Second), 2*time.Second).Seconds())) + "; url=" + address
}
