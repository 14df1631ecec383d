// Package api is the JSON API under /api/v1, for programs: the same register through the same door
// as the pages, with an OpenAPI 3.1 document made from the routes themselves.
//
// Every route is a row (Route): method, path, permission, audit verb, handler. Programs sign in
// with a token ("Authorization: Bearer ..."). Errors are problem+json (RFC 9457) with the sentence
// that a person would see. Fields are added within a version, never renamed.
package api
