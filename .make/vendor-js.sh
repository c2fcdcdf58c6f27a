#!/bin/sh
# Fetches htmx from its npm package and refuses any other content than the one
# that was reviewed.
set -eu
cd "$(dirname "$0")/.."

HTMX=2.0.11
SHA256=d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" "htmx.org@$HTMX" >/dev/null
tar xzf "$work"/*.tgz -C "$work"
echo "$SHA256  $work/package/dist/htmx.min.js" | sha256sum -c --quiet -
cp "$work/package/dist/htmx.min.js" static/js/htmx.min.js
echo "static/js/htmx.min.js is htmx $HTMX"
