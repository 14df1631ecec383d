#!/usr/bin/env bash
# All linters. Each prints what is wrong; the script fails when any does.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
step() { echo "lint: $1"; shift; "$@" || bad=1; }

formatted() {
	local out
	out=$(git ls-files '*.go' | grep -v '_templ\.go$' | xargs gofmt -l)
	[ -z "$out" ] || { echo "not formatted:"; echo "$out"; return 1; }
}
generated() {
	go tool -modfile=tools/go.mod templ generate -path web >/dev/null 2>&1 &&
		git diff --exit-code --stat -- 'web/*_templ.go' 'web/**/*_templ.go'
}
vulnerabilities() {
	if [ -z "${GOVULNDB:-}" ]; then
		echo "SKIPPED: govulncheck needs GOVULNDB to name a vulnerability database"
		return 0
	fi
	go run golang.org/x/vuln/cmd/govulncheck@v1.1.4 -db "$GOVULNDB" ./...
}

step "gofmt" formatted
step "go vet" go vet ./...
step "go mod tidy" go mod tidy -diff
step "staticcheck" go tool -modfile=tools/go.mod staticcheck ./...
[ -d web ] && step "templates are generated" generated
step "govulncheck" vulnerabilities
exit $bad
