#!/bin/sh
# Prints which of the commands given, or else of aws and /usr/bin/aws, is version 2
# of the AWS CLI, and fails if none is. pip installs version 1, which cannot import
# a key pair, under the same name; the name may also be that of a wrapper which
# finds nothing to run.
set -eu
[ $# -gt 0 ] || set -- aws /usr/bin/aws
for candidate; do
	case $("$candidate" --version 2>&1) in aws-cli/2*) command -v "$candidate" && exit ;; esac
done
exit 1
