// Package web is the pages people use: server-rendered, live, working without script. What a page
// looks like stands in web/page; here stand the routes, who may open them, and what they ask the
// register.
//
// Every route is a row of the table in routes.go: method, path, permission, audit verb, handler. A
// request passes guard.go (headers, limits, sessions), then its row's permission is asked of the
// one door; a change runs inside access.Do. One stream per page (live.go) says what changed, and
// the page fetches its regions anew.
package web
