// Package ionos implements the interfaces of package keys with the three IONOS
// APIs (Object Storage Management, Cloud v6 and Auth) and the vendor's SDKs.
//
// The SDKs encode and decode; none of their types leaves this package. They use
// one http.RoundTripper of this package, since their defaults do not suit a
// console: a connection for every call, retries of calls that create a key,
// responses of any length. The transport also sees every failure before the
// SDKs turn it into an error that holds the whole body. Errors are made from
// what the transport saw, so that they hold no secret.
//
// The package knows neither sessions nor pages nor the rules about keys. It
// keeps only connections between calls.
package ionos
