// Package keys is the domain of Keydeck: the access keys of people in a
// contract, who they belong to, and the rules that keep a person from losing
// one.
//
// It knows neither HTTP nor HTML nor the vendor's SDKs; it needs the standard
// library alone. The remote APIs are behind [Store], [Directory] and
// [Authenticator], which package ionos implements.
package keys
