// Package ionos talks to the three IONOS APIs (Object Storage Management,
// Cloud v6 and Auth) for package keys, by way of the vendor's own SDKs.
//
// The SDKs speak the wire, and nothing of them leaves this package. Under
// them lies one transport of ours, because what they do by themselves does
// not suit a console: a connection for every call, retries of calls that make
// a key, answers of any length. The transport also sees every failure before
// the SDKs turn it into an error with the whole body in it; errors are made
// from what it saw, so that they hold no secret.
//
// The package knows neither sessions nor screens nor the rules about keys. It
// keeps nothing between two calls but connections.
package ionos
