package pages

import (
	"strconv"
	"time"

	"keydeck/internal/keys"
)

// checkMessage is the message about a test.
type checkMessage struct{ kind, title, text string }

func propagationSeconds() string { return strconv.Itoa(int(keys.PropagationTime / time.Second)) }

// checkWords returns the outcome of a test, its reason and the next step.
func checkWords(v KeyCheck) checkMessage {
	c := v.Check
	switch c.Verdict {
	case keys.Works:
		return checkMessage{"success", "This key works", v.At.Endpoint + " answered after " + tookWords(c.Took) + ". " + bucketsFound(v)}
	case keys.NotPropagated:
		if c.Again {
			return checkMessage{"info", "The endpoint does not know this key yet",
				"A key that was just made, activated or renewed takes a few seconds to reach every endpoint. The test is repeated for half a minute."}
		}
		return checkMessage{"error", "The endpoint does not know this key",
			"It should by now. Check that the key is still in the list and active; if it is, test it again in a few minutes."}
	case keys.Deactivated:
		return checkMessage{"warning", "This key is deactivated", "No endpoint accepts it until it is activated again in the list of keys."}
	case keys.WrongSecret:
		return checkMessage{"error", "The secret does not belong to this key",
			"It may have been renewed, here or elsewhere. Open Copy key again; if the secret there does not work either, renew it."}
	case keys.NoPermission:
		return checkMessage{"error", "The endpoint knows this key and refuses it",
			"Its user may not use object storage, or the contract is suspended. An owner or administrator of the contract can check the privilege Use Object Storage."}
	case keys.WrongEndpoint:
		return checkMessage{"warning", "This endpoint is not for this key",
			"The key is valid for user-owned buckets only. Choose an endpoint of those, or generate a new key for contract-owned buckets."}
	case keys.ClockSkew:
		return checkMessage{"error", "The clocks differ", clockWords(c.ClockOffset)}
	default:
		return reachWords(v)
	}
}

// reachWords returns why there was no S3 response.
func reachWords(v KeyCheck) checkMessage {
	const nothing = " This says nothing about the key."
	switch v.Check.Failure {
	case keys.NoResponse:
		return checkMessage{"error", "The endpoint does not answer", v.At.Endpoint + " did not answer in time. Try again in a minute." + nothing}
	case keys.BadCertificate:
		return checkMessage{"error", "The endpoint cannot be trusted",
			v.At.Endpoint + " shows a certificate that is not its own. Something is between it and this console: tell the console's administrator." + nothing}
	case keys.Redirected:
		return checkMessage{"error", "The endpoint leads elsewhere", v.At.Endpoint + " answers with a redirect, which is not followed. Try another endpoint." + nothing}
	case keys.ServerError:
		return checkMessage{"error", "The endpoint is failing", v.At.Endpoint + " reports an error of its own, or is overloaded. Try again in a minute." + nothing}
	case keys.NotS3:
		return checkMessage{"error", "This is not an answer from object storage",
			"Something else answers at " + v.At.Endpoint + ", a proxy perhaps: tell the console's administrator." + nothing}
	case keys.NoConnection:
		return checkMessage{"error", "The endpoint is out of reach", "This console cannot connect to " + v.At.Endpoint + ". Its network may not allow it." + nothing}
	default:
		return checkMessage{"error", "The endpoint has refused", v.At.Endpoint + " says “" + v.Check.Code + "”."}
	}
}

// tookWords returns a rounded duration.
func tookWords(took time.Duration) string {
	if took < time.Second {
		return strconv.FormatInt(max(1, took.Milliseconds()), 10) + " ms"
	}
	return strconv.FormatFloat(took.Seconds(), 'f', 1, 64) + " s"
}

// bucketsFound says whose the buckets are that a test has listed. All users of a
// contract list its buckets, also those whose content is not for them.
func bucketsFound(v KeyCheck) string {
	n := v.Check.Buckets
	switch userOwned := v.At.UserOwned(); {
	case userOwned && n == 0:
		return "It lists no bucket yet; buckets here are owned by the user who creates them."
	case userOwned:
		return "It lists " + bucketCount(n) + " owned by the user of this key, and private to this user."
	case n == 0:
		return "It lists no bucket yet; buckets here are owned by contract " + v.Contract + "."
	default:
		return "It lists " + bucketCount(n) + " owned by contract " + v.Contract + "; the content is for the contract's owner" +
			" and administrators, and for others as bucket policies allow."
	}
}

func bucketCount(n int) string {
	if n == 1 {
		return "one bucket"
	}
	return strconv.Itoa(n) + " buckets"
}

// clockWords says whose clock is ahead, if that is known.
func clockWords(ahead time.Duration) string {
	const why = "Requests are signed with the time. "
	switch {
	case ahead > time.Minute:
		return why + "The clock of this console is " + ahead.Round(time.Second).String() + " ahead of the endpoint's: tell the console's administrator."
	case ahead < -time.Minute:
		return why + "The clock of this console is " + (-ahead).Round(time.Second).String() + " behind the endpoint's: tell the console's administrator."
	default:
		return why + "The endpoint says that its clock shows a different time: tell the console's administrator."
	}
}
