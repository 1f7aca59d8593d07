#!/usr/bin/env bash
# Makes build/preau_<version>_<arch>.deb from bin/preau, which must be built.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x bin/preau ] || { echo "bin/preau is missing: run make build first" >&2; exit 1; }
export VERSION="${VERSION:-$(cat VERSION)}"
export ARCH="${ARCH:-$(go env GOARCH)}"
export MAINTAINER="${MAINTAINER:-Préau <preau@localhost>}"
mkdir -p build
# 2.45.2: later releases draw in an MSIX packager whose modules the proxy may not serve.
go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2 package --config packaging/nfpm.yaml --packager deb --target build/
