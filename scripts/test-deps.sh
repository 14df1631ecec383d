#!/usr/bin/env bash
# Installs what the tests use: other people's programs, to prove ours against. Tests skip loudly
# what is missing, so this never fails the build where it may not install.
set -u
cd "$(dirname "$0")/.." || exit 1

packages=(chromium fonts-inter tshark tcpreplay dcmtk postgresql libndpi-bin iproute2 openssl curl nodejs npm)
missing=()
for p in "${packages[@]}"; do
	case "$p" in
	nodejs | npm) command -v "${p/nodejs/node}" >/dev/null && continue ;;
	esac
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		export DEBIAN_FRONTEND=noninteractive
		apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
			echo "test-deps: could not install ${missing[*]}; the tests that need them will skip" >&2
	else
		echo "test-deps: missing ${missing[*]}; run as root on Debian to install them; the tests that need them will skip" >&2
	fi
fi

if [ -f e2e/browser/package-lock.json ] && command -v npm >/dev/null; then
	(cd e2e/browser && npm ci --silent --no-audit --no-fund --ignore-scripts) ||
		echo "test-deps: could not install the npm test assets; accessibility checks will skip" >&2
fi
exit 0
