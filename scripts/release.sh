#!/usr/bin/env bash
# Builds the same bytes on every machine: static binaries for linux/amd64 and linux/arm64.
set -eu
cd "$(dirname "$0")/.."
version=${VERSION:-$(git describe --tags --always)}
mkdir -p dist
for arch in amd64 arm64; do
	CGO_ENABLED=0 GOOS=linux GOARCH=$arch go build -trimpath -buildvcs=false \
		-ldflags "-s -w -buildid= -X github.com/wardkeeper/wardkeeper/app.release=$version" \
		-o "dist/wardkeeper-$version-linux-$arch" .
done
(cd dist && sha256sum "wardkeeper-$version-linux-"* | tee SHA256SUMS)
