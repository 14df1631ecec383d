// Package access holds the one door for changes, and the people who may come through it.
//
// Whoever changes anything, a page, the API, a job or a device listener, does it inside Door.Do:
// it authorises the person in the context, opens the transaction, runs the change and writes the
// audit leaf in the same transaction. It knows nothing of HTTP.
//
// Tables it owns: access_people, access_sessions, access_links, access_tokens.
package access
