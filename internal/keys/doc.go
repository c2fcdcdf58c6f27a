// Package keys is the domain of Keydeck: the access keys of people in a
// contract, who they belong to, and the rules that keep a person from losing
// one.
//
// It knows neither HTTP nor HTML nor the vendor's SDKs. The remote APIs are behind
// [Store], [Directory] and [Authenticator], which package ionos implements. Package
// keyops changes keys by these rules.
package keys
