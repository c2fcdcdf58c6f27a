package pages

import (
	"strconv"
	"time"

	"keydeck/internal/keys"
)

// told is what is said of a test.
type told struct{ kind, title, text string }

func spreadSeconds() string { return strconv.Itoa(int(keys.SpreadTime / time.Second)) }

// trialWords says what came of a test, why, and what to do.
func trialWords(v KeyTrial) told {
	t := v.Trial
	switch t.Finding {
	case keys.Works:
		return told{"success", "This key works", v.Endpoint + " answered after " + tookWords(t.Took) + ": " + bucketCount(t.Buckets) + "."}
	case keys.NotSpread:
		if t.Again {
			return told{"info", "The endpoint does not know this key yet",
				"A key that was just made, activated or renewed takes some seconds to spread. It is tried again for half a minute."}
		}
		return told{"error", "The endpoint does not know this key",
			"It should by now. Look whether the key is still in the list and active; if it is, test it again in some minutes."}
	case keys.Deactivated:
		return told{"warning", "This key is deactivated", "No endpoint takes it until it is activated again, in the list of keys."}
	case keys.WrongSecret:
		return told{"error", "The secret does not belong to this key",
			"It may have been renewed meanwhile, here or elsewhere. Open Copy key again; if the secret there does not work either, renew it."}
	case keys.NoPermission:
		return told{"error", "The endpoint knows this key and refuses it",
			"Its user may not use object storage, or the contract is suspended. An owner or administrator of the contract can see to the privilege Use Object Storage."}
	case keys.WrongEndpoint:
		return told{"warning", "This endpoint is not for this key",
			"The key is valid for user-owned buckets only. Choose an endpoint of those, or generate a new key for contract-owned buckets."}
	case keys.ClockDiffers:
		return told{"error", "The clocks differ", clockWords(t.Ahead)}
	default:
		return reachWords(v)
	}
}

// reachWords says why there was no answer of S3.
func reachWords(v KeyTrial) told {
	const nothing = " This says nothing about the key."
	switch v.Trial.Trouble {
	case keys.NoAnswer:
		return told{"error", "The endpoint does not answer", v.Endpoint + " did not answer in time. Try again in a minute." + nothing}
	case keys.BadCertificate:
		return told{"error", "The endpoint cannot be trusted",
			v.Endpoint + " shows a certificate that is not its own. Something is between it and this console: tell whoever runs it." + nothing}
	case keys.Redirected:
		return told{"error", "The endpoint leads elsewhere", v.Endpoint + " answers with a redirect, which is not followed. Try another endpoint." + nothing}
	case keys.Failing:
		return told{"error", "The endpoint is failing", v.Endpoint + " has trouble of its own, or too much to do. Try again in a minute." + nothing}
	case keys.NotStorage:
		return told{"error", "This is no answer of object storage",
			"Something else answers at " + v.Endpoint + ", a proxy perhaps: tell whoever runs this console." + nothing}
	case keys.NoConnection:
		return told{"error", "The endpoint is out of reach", "This console cannot connect to " + v.Endpoint + ". Its network may not let it." + nothing}
	default:
		return told{"error", "The endpoint has refused", v.Endpoint + " says “" + v.Trial.Code + "”."}
	}
}

// tookWords rounds to what a person cares about.
func tookWords(took time.Duration) string {
	if took < time.Second {
		return strconv.FormatInt(max(1, took.Milliseconds()), 10) + " ms"
	}
	return strconv.FormatFloat(took.Seconds(), 'f', 1, 64) + " s"
}

func bucketCount(n int) string {
	switch n {
	case 0:
		return "it opens the storage, in which there is no bucket yet"
	case 1:
		return "it opens one bucket"
	default:
		return "it opens " + strconv.Itoa(n) + " buckets"
	}
}

// clockWords says whose clock is ahead, where that is known.
func clockWords(ahead time.Duration) string {
	const why = "Requests are signed with the time. "
	switch {
	case ahead > time.Minute:
		return why + "The clock of this console is " + ahead.Round(time.Second).String() + " ahead of the endpoint's: tell whoever runs it."
	case ahead < -time.Minute:
		return why + "The clock of this console is " + (-ahead).Round(time.Second).String() + " behind the endpoint's: tell whoever runs it."
	default:
		return why + "The endpoint says that it is another one than here: tell whoever runs this console."
	}
}
