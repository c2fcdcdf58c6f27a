package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"keydeck/internal/attempts"
	"keydeck/internal/handover"
	"keydeck/internal/keys"
)

// What can go wrong on our side of the APIs.
var (
	errForeignSite   = errors.New("request from another site")
	errSignedOut     = errors.New("no session")
	errSessionStore  = errors.New("session store in trouble")
	errTooManyPosts  = errors.New("too many changes in a short time")
	errTooManyTries  = errors.New("too many failed sign-ins")
	errUnclear       = errors.New("outcome of the change unknown")
	errRepeated      = errors.New("sent again after it had failed")
	errNotManaging   = errors.New("neither owner nor administrator")
	errNoGroup       = errors.New("no such group")
	errIncomplete    = errors.New("address is not complete")
	errNoSuchSession = errors.New("no such session")
	errNoSuchTheme   = errors.New("no such theme")
	errNoEndpoint    = errors.New("endpoint is none of the key's")
	errNoTool        = errors.New("no such tool")
	errNoSecret      = errors.New("secret is not at hand")
	errNoRandomness  = errors.New("no randomness to issue a request id from")
)

// notBegun is what is told of a change that was cut off before it began.
const notBegun = "It was interrupted before the API was asked. Nothing was changed: try again."

// problem is what a person is told of an error.
type problem struct {
	status int
	title  string        // what happened
	text   string        // why, and what to do
	retry  bool          // the same again may work
	wait   time.Duration // before it is tried again; zero where nobody said
}

// problems is the one table from errors to what people are told. The first
// entry that an error is counts: kinds that have another as their cause come
// before it. In texts, the API's own words follow where
// the kind of error has any.
var problems = []struct {
	err error
	problem
}{
	{errForeignSite, problem{status: http.StatusForbidden, title: "This request came from another site",
		text: "Nothing was changed. Open the page here and try again."}},
	{errSessionStore, problem{status: http.StatusServiceUnavailable, title: "Sessions cannot be read or stored right now", retry: true,
		text: "Your keys are not affected. Try again in a moment; if it stays so, tell whoever runs this console."}},
	{errTooManyPosts, problem{status: http.StatusTooManyRequests, title: "Too many changes in a short time", retry: true, wait: 10 * time.Second,
		text: "Nothing was changed by this last one. Wait a few seconds and try again."}},
	{errTooManyTries, problem{status: http.StatusTooManyRequests, title: "Too many failed attempts", retry: true,
		text: "Nobody was asked whether this one is right. A forgotten password can be set anew at IONOS."}},
	{errUnclear, problem{status: http.StatusBadGateway, title: "It is not known whether this was carried out",
		text: "The answer to the change was lost on the way. Look at the list of keys before you try again: it shows what there is."}},
	{errRepeated, problem{status: http.StatusUnprocessableEntity, title: "This form was sent before, without success"}},
	{errNotManaging, problem{status: http.StatusForbidden, title: "Users & Groups is for owners and administrators",
		text: "Only an owner or administrator of the contract manages other people's keys. Your own are under Key management."}},
	{errNoGroup, problem{status: http.StatusNotFound, title: "There is no such group",
		text: "It may have been deleted meanwhile. The list shows the groups that there are."}},
	{errNoSuchSession, problem{status: http.StatusNotFound, title: "There is no such session",
		text: "It may have ended meanwhile, or run out. The list shows the sessions that there are."}},
	{errNoSuchTheme, problem{status: http.StatusUnprocessableEntity, title: "There is no such theme",
		text: "Choose Light, Dark or Auto at the foot of the page."}},
	{keys.ErrUnauthorized, problem{status: http.StatusUnauthorized, title: "Your session has ended",
		text: "The API no longer accepts its token. Sign in again."}},
	{keys.ErrNoPrivilege, problem{status: http.StatusForbidden, title: "Object storage is not enabled for this user",
		text: "It takes a group with the privilege Use Object Storage. An owner or administrator of the contract can add the user to one; it may take some minutes to have an effect."}},
	{keys.ErrForbidden, problem{status: http.StatusForbidden, title: "You are not allowed to do this",
		text: "Only an owner or administrator of the contract may."}},
	{keys.ErrNotReady, problem{status: http.StatusServiceUnavailable, title: "The key is still being made", retry: true, wait: time.Second,
		text: "It is in the list already, but its secret cannot be read yet. That takes a second or two."}},
	{keys.ErrNoUser, problem{status: http.StatusNotFound, title: "There is no such user",
		text: "The user may have been deleted meanwhile. The list shows the users that there are."}},
	{keys.ErrNotFound, problem{status: http.StatusNotFound, title: "There is no such key",
		text: "It may have been deleted meanwhile, or belong to somebody else. The list shows the keys that there are."}},
	{keys.ErrLimit, problem{status: http.StatusUnprocessableEntity, title: "Five keys are the limit",
		text: "A user can have five access keys at a time. Delete one that is no longer needed, then generate the new one."}},
	{keys.ErrConfirmation, problem{status: http.StatusUnprocessableEntity, title: "Not confirmed",
		text: "Nothing was changed, because the confirmation was missing or wrong."}},
	{keys.ErrUnreadable, invalid("The description holds characters that cannot be read. Type it again.")},
	{keys.ErrManyLines, invalid("The description has to be one line. Remove the line breaks.")},
	{keys.ErrUnseen, invalid("The description holds control characters, which cannot be seen. Type it again without them.")},
	{keys.ErrTooLong, invalid("The description has more than 255 characters. Shorten it.")},
	{keys.ErrExpired, invalid("This token has expired. Make a new one and paste it here.")},
	{keys.ErrNoToken, invalid("This is not a token of the IONOS API: part of it may be missing. Copy the whole of it and paste it here.")},
	{keys.ErrNoContract, invalid("A contract number has digits only.")},
	{keys.ErrOtherContract, invalid("This token is for another contract. Enter the number it was made for, or paste one that was made for this contract.")},
	{errNoEndpoint, invalid("This key has no endpoint of that name. Choose one of those on its page.")},
	{errNoTool, problem{status: http.StatusNotFound, title: "There is no such tool",
		text: "The page of the key lists the tools that it can be used with."}},
	{errNoSecret, problem{status: http.StatusUnprocessableEntity, title: "The secret of this key is not at hand",
		text: "It was lost on its way here, and the API does not give it. Renew the secret, or make another key."}},
	{handover.ErrControl, unfit}, {handover.ErrEdges, unfit}, {handover.ErrExpansion, unfit},
	{errIncomplete, invalid("This address is not complete. Open the list again.")},
	{keys.ErrInvalid, invalid("")},
	{keys.ErrConflict, problem{status: http.StatusConflict, title: "The key has changed meanwhile", retry: true,
		text: "Nothing was changed by this. Look at the key again and repeat what you meant to do."}},
	{keys.ErrRejected, problem{status: http.StatusUnprocessableEntity, title: "The API has refused this",
		text: "Nothing was changed."}},
	{keys.ErrThrottled, problem{status: http.StatusTooManyRequests, title: "The API takes no more requests for the moment", retry: true,
		text: "Nothing was changed. Wait a little, then try again."}},
	{keys.ErrTimeout, problem{status: http.StatusGatewayTimeout, title: "The API took too long to answer", retry: true,
		text: "IONOS is slow at the moment. Try again in a minute."}},
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

// unfit is what is told of a secret that a tool's file cannot hold.
var unfit = problem{status: http.StatusUnprocessableEntity, title: "This tool's file cannot hold the secret",
	text: "The tool would read another one out of it. Choose another tool, or renew the secret."}

// invalid is what is told of input that is refused before any call.
func invalid(text string) problem {
	return problem{status: http.StatusUnprocessableEntity, title: "This cannot be taken as it is", text: text}
}

// unexpected is what is told of an error that is in no table.
var unexpected = problem{status: http.StatusInternalServerError, title: "Something went wrong here", retry: true,
	text: "This is a fault of the console. Try again; if it stays so, tell whoever runs it the request id."}

// problemOf looks an error up.
func problemOf(err error) problem {
	found := unexpected
	for _, entry := range problems {
		if errors.Is(err, entry.err) {
			found = entry.problem
			break
		}
	}
	if words := keys.Message(err); words != "" {
		found.text = inWords(found, err, words)
	}
	if wait := keys.RetryAfter(err); wait > 0 {
		found.wait = wait
	}
	if early, ok := errors.AsType[*attempts.WaitError](err); ok {
		found.wait = early.Wait
	}
	return found
}

// inWords puts our sentence and the message of an error together. A form that is
// sent again is answered with what was said the first time.
func inWords(p problem, err error, words string) string {
	if errors.Is(err, keys.ErrInvalid) {
		return words
	}
	return p.text + " The API says: “" + words + "”"
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
