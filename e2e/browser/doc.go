// Package browser looks at every page with a real browser: desktop and phone, light and dark. A
// console error, a report of the content policy, an accessibility violation or a page that scrolls
// sideways fails. Screenshots go to .artifacts/screenshots, to be looked at.
//
// It needs Chromium (WARDKEEPER_CHROMIUM names another binary) and, for accessibility, the npm
// package named in package.json, which `make test` installs. Without Chromium it skips loudly,
// unless CI is set.
package browser
