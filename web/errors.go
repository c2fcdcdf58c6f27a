package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"keydeck/internal/keybatch"
	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/internal/loginlimit"
	"keydeck/internal/toolconfig"
)

// What can go wrong on our side of the APIs.
var (
	errForeignSite   = errors.New("request from another site")
	errSignedOut     = errors.New("no session")
	errStore         = errors.New("session store in trouble")
	errTooManyPosts  = errors.New("too many changes in a short time")
	errTooManyTries  = errors.New("too many failed sign-ins")
	errBusy          = errors.New("too many sign-ins at the same time")
	errIndeterminate = errors.New("outcome of the change unknown")
	errNotManaging   = errors.New("neither owner nor administrator")
	errNoGroup       = errors.New("no such group")
	errIncomplete    = errors.New("address is not complete")
	errNoSuchSession = errors.New("no such session")
	errNoSuchTheme   = errors.New("no such theme")
	errNoEndpoint    = errors.New("endpoint is none of the key's")
	errNoTool        = errors.New("no such tool")
	errOffboardSelf  = errors.New("removing one's own access")
	errOffboardOwner = errors.New("removing the access of the owner")
	errNoResults     = errors.New("no such results")
	errNoSelection   = errors.New("no key selected")
	errSelection     = errors.New("too many keys selected")
	errNoSecret      = errors.New("secret is not at hand")
	errNoRandomness  = errors.New("no randomness to issue a request id from")
)

// problem is how a page shows an error.
type problem struct {
	status int
	title  string        // what happened
	text   string        // why, and what to do
	retry  bool          // the same again may work
	wait   time.Duration // before it is tried again; zero if not known
}

// problems is the one table from errors to how pages show them. The first
// entry that an error is counts: kinds that have another as their cause come
// before it. In texts, the API's own words follow where
// the kind of error has any.
var problems = []struct {
	err error
	problem
}{
	{errForeignSite, problem{status: http.StatusForbidden, title: "This request came from another site",
		text: "Nothing was changed. Open the page here and try again."}},
	{errStore, storeProblem},
	{keyops.ErrStore, storeProblem},
	{keyops.ErrBusy, problem{status: http.StatusTooManyRequests, title: "Too many changes in a short time", retry: true, wait: 10 * time.Minute,
		text: "The last one was not carried out. Wait a while and try again."}},
	{errTooManyPosts, problem{status: http.StatusTooManyRequests, title: "Too many changes in a short time", retry: true, wait: 10 * time.Second,
		text: "The last one was not carried out. Wait a few seconds and try again."}},
	{errBusy, problem{status: http.StatusTooManyRequests, title: "Too many people sign in at the moment", retry: true,
		text: "The password or token was not tried."}},
	{errTooManyTries, problem{status: http.StatusTooManyRequests, title: "Too many failed attempts", retry: true,
		text: "This one was not checked. A forgotten password can be reset at IONOS."}},
	{errIndeterminate, problem{status: http.StatusBadGateway, title: "It is not known whether this was carried out",
		text: "The answer to the change was lost on the way. Look at the list of keys before you try again: it shows what there is."}},
	{keyops.ErrNotBegun, problem{status: http.StatusUnprocessableEntity, title: "Nothing was changed",
		text: "It was interrupted before the API was asked. Try again."}},
	{errNotManaging, problem{status: http.StatusForbidden, title: "Users & Groups is for owners and administrators",
		text: "Only an owner or administrator of the contract manages other people's keys. Your own are under Key management."}},
	{errNoGroup, problem{status: http.StatusNotFound, title: "There is no such group",
		text: "It may have been deleted. The list shows the groups of the contract."}},
	{errOffboardSelf, problem{status: unprocessable, title: "This is you",
		text: "Nobody can remove their own access: ask the owner or another administrator of the contract."}},
	{errOffboardOwner, problem{status: unprocessable, title: "This is the owner of the contract",
		text: "The access of the owner cannot be removed: somebody has to be left who looks after the contract."}},
	{errNoResults, problem{status: http.StatusNotFound, title: "There are no such results",
		text: "They are kept for a day, for the person who has asked for the change."}},
	{errNoSelection, invalid("No key is selected. Select keys in the list first.")},
	{errSelection, invalid("Five hundred keys can be changed at once. Select fewer.")},
	{keybatch.ErrTooLarge, invalid("These are too many keys to be changed at once. Select fewer.")},
	{keyops.ErrActive, problem{status: http.StatusConflict, title: "The key is active",
		text: "Among several keys, only deactivated ones are deleted. Nothing was changed: deactivate it first."}},
	{keyops.ErrHasKey, problem{status: http.StatusConflict, title: "The user has a key by now",
		text: "No other one was generated."}},
	{keyops.ErrDescribing, problem{status: http.StatusConflict, title: "The description of the key is still being changed", retry: true, wait: time.Minute,
		text: "The key was not deleted: it could come back with the new description. Try again in a minute."}},
	{errNoSuchSession, problem{status: http.StatusNotFound, title: "There is no such session",
		text: "It may have ended. The list shows the sessions that are open."}},
	{errNoSuchTheme, problem{status: http.StatusUnprocessableEntity, title: "There is no such theme",
		text: "Choose Light, Dark or Auto in the account menu."}},
	{keys.ErrUnauthorized, problem{status: http.StatusBadGateway, title: "The API refuses the token of your session", retry: true,
		text: "Nothing was changed. Not all APIs refuse it, so you stay signed in. If this goes on, sign out and in again."}},
	{keys.ErrNoPrivilege, problem{status: http.StatusForbidden, title: "Object storage is not enabled for this user",
		text: "It takes a group with the privilege Use Object Storage. An owner or administrator of the contract can add the user to one; it may take a few minutes to take effect."}},
	{keys.ErrForbidden, problem{status: http.StatusForbidden, title: "The API does not allow you to do this",
		text: "Only an owner or administrator of the contract may."}},
	{keys.ErrNotReady, problem{status: http.StatusServiceUnavailable, title: "The key is still being made", retry: true, wait: time.Second,
		text: "It is in the list already, but its secret cannot be read yet. That takes a second or two."}},
	{keys.ErrInconsistent, problem{status: http.StatusConflict, title: "The API does not find this key", retry: true, wait: time.Minute,
		text: "The list of keys has it, so it is not known to be deleted. A new key may not be known everywhere yet. Nothing was changed: try again in a minute."}},
	{keys.ErrNoUser, problem{status: http.StatusNotFound, title: "There is no such user",
		text: "The user may have been deleted. The list shows the users of the contract."}},
	{keys.ErrNotFound, problem{status: http.StatusNotFound, title: "There is no such key",
		text: "It may have been deleted, or belong to someone else. The list shows all keys."}},
	{keys.ErrLimit, problem{status: http.StatusUnprocessableEntity, title: "Five keys are the limit",
		text: "A user can have five access keys at a time. Delete one that is no longer needed, then generate the new one."}},
	{keys.ErrConfirmation, problem{status: http.StatusUnprocessableEntity, title: "Not confirmed",
		text: "Nothing was changed, because the confirmation was missing or wrong."}},
	{keys.ErrUnreadable, invalid("The description has characters that cannot be read. Type it again.")},
	{keys.ErrManyLines, invalid("The description has to be one line. Remove the line breaks.")},
	{keys.ErrUnseen, invalid("The description has control characters, which cannot be seen. Type it again without them.")},
	{keys.ErrTooLong, invalid("The description has more than 255 characters. Shorten it.")},
	{keys.ErrExpired, invalid("This token has expired. Create a new one and paste it here.")},
	{keys.ErrTokenCut, invalid("A part of the token is missing: it has three parts with dots between. Copy the whole of it and paste it here.")},
	{keys.ErrManyTokens, invalid("There is more than one token in this text. Paste the one to sign in with.")},
	{keys.ErrNoToken, invalid("This is not a token of the IONOS API, which begins with eyJ. Copy the whole of it and paste it here.")},
	{keys.ErrNoContract, invalid("A contract number has digits only.")},
	{keys.ErrOtherContract, invalid("This token is for another contract. Enter the number it was made for, or paste one that was made for this contract.")},
	{errNoEndpoint, invalid("This key has no endpoint of that name. Choose one of those on its page.")},
	{errNoTool, problem{status: http.StatusNotFound, title: "There is no such tool",
		text: "The page of the key lists the tools that it can be used with."}},
	{errNoSecret, problem{status: http.StatusUnprocessableEntity, title: "The secret of this key is not available",
		text: "It was lost on the way here, and the API does not return it. Renew the secret, or generate another key."}},
	{toolconfig.ErrControl, unfit}, {toolconfig.ErrEdges, unfit}, {toolconfig.ErrExpansion, unfit},
	{errIncomplete, invalid("This address is not complete. Open the list again.")},
	{keys.ErrInvalid, invalid("")},
	{keys.ErrConflict, problem{status: http.StatusConflict, title: "The key has changed in the meantime", retry: true,
		text: "Nothing was changed by this. Look at the key again and repeat what you meant to do."}},
	{keys.ErrRejected, problem{status: http.StatusUnprocessableEntity, title: "The API has refused this",
		text: "Nothing was changed."}},
	{keys.ErrThrottled, problem{status: http.StatusTooManyRequests, title: "The API is taking no more requests at the moment", retry: true,
		text: "Nothing was changed. Wait a little, then try again."}},
	{keys.ErrTimeout, problem{status: http.StatusGatewayTimeout, title: "The API took too long to answer", retry: true,
		text: "IONOS is slow at the moment. Try again in a minute."}},
	{keys.ErrProxy, problem{status: http.StatusBadGateway, title: "The way to the API is blocked", retry: true,
		text: "The proxy that this console uses to reach IONOS refuses the connection; your keys keep working. The administrator of this console finds the reason in its log."}},
	{keys.ErrUnavailable, problem{status: http.StatusBadGateway, title: "The API cannot be reached or is failing", retry: true,
		text: "This is on the side of IONOS or on the way there; your keys keep working. Try again in a minute."}},
	{context.DeadlineExceeded, problem{status: http.StatusGatewayTimeout, title: "This took too long", retry: true,
		text: "Try again in a minute."}},
	{echo.ErrNotFound, problem{status: http.StatusNotFound, title: "There is no such page",
		text: "The address may be mistyped or out of date."}},
	{echo.ErrMethodNotAllowed, problem{status: http.StatusMethodNotAllowed, title: "This address does not work that way",
		text: "Open the page and use its buttons."}},
	{echo.ErrStatusRequestEntityTooLarge, problem{status: http.StatusRequestEntityTooLarge, title: "That is too much to take",
		text: "The form holds far more than any of its fields can. Nothing was changed."}},
	{echo.ErrBadRequest, problem{status: http.StatusBadRequest, title: "This request cannot be read",
		text: "Nothing was changed. Open the page again and repeat what you meant to do."}},
}

// unfit is for a secret that a tool's file cannot hold.
var unfit = problem{status: http.StatusUnprocessableEntity, title: "This tool's file cannot hold the secret",
	text: "The tool would read a different one from it. Choose another tool, or renew the secret."}

// invalid is for input that is refused before any call.
func invalid(text string) problem {
	return problem{status: http.StatusUnprocessableEntity, title: "This cannot be accepted as it is", text: text}
}

// unexpected is for an error that is in no table.
var unexpected = problem{status: http.StatusInternalServerError, title: "Something went wrong here", retry: true,
	text: "This is a fault of the console. Try again; if it happens again, give the request id to the administrator of this console."}

// storeProblem is for a store in trouble.
var storeProblem = problem{status: http.StatusServiceUnavailable, title: "Sessions cannot be read or stored right now", retry: true,
	text: "Your keys are not affected. Try again in a moment; if it happens again, tell the administrator of this console."}

// problemOf looks an error up. A change that failed before, and was sent again, is
// answered as it was the first time.
func problemOf(err error) problem {
	if keys.Indeterminate(err) && !errors.Is(err, errIndeterminate) {
		err = errors.Join(errIndeterminate, err)
	}
	p := lookUpProblem(err)
	if errors.Is(err, keyops.ErrRepeated) {
		p.status, p.title = http.StatusUnprocessableEntity, "This form was sent before, without success"
	}
	return p
}

func lookUpProblem(err error) problem {
	found := unexpected
	for _, entry := range problems {
		if errors.Is(err, entry.err) {
			found = entry.problem
			break
		}
	}
	if name := keys.APIName(err); name != "" {
		found.title = strings.Replace(found.title, "The API", "The "+name, 1)
	}
	found.text = inWords(found, err)
	if wait := keys.RetryAfter(err); wait > 0 {
		found.wait = wait
	}
	if early, ok := errors.AsType[*loginlimit.WaitError](err); ok {
		found.wait = early.Wait
	}
	return found
}

// inTime says when to try again.
func inTime(wait time.Duration) string {
	switch seconds := int(math.Ceil(wait.Seconds())); {
	case wait <= 0:
		return ""
	case seconds == 1:
		return "Try again in a second."
	case seconds < 120:
		return "Try again in " + strconv.Itoa(seconds) + " seconds."
	default:
		return "Try again in " + strconv.Itoa((seconds+59)/60) + " minutes."
	}
}
