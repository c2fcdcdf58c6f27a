#!/bin/sh
# Prints the path of the Chromium for the browser tests: the one without windows where it
# is installed, in which they take half the time.
for browser in chromium-headless-shell chromium chromium-browser google-chrome; do
	command -v "$browser" && exit
done
exit 1
