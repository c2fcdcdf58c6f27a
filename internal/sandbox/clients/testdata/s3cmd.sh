# The life of a storage as s3cmd sees it.
cat >s3cfg <<CONF
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = $HOSTPORT
host_bucket = $HOSTPORT
bucket_location = de
use_https = False
CONF
s3cmd() { command s3cmd -c s3cfg --no-progress "$@"; }

s3cmd mb s3://first
s3cmd info s3://first >out.txt
grep -q "Location:.*de" out.txt
echo one >"one & only"
s3cmd put "one & only" "s3://first/a b/one+" --add-header=x-amz-meta-name:value
s3cmd get "s3://first/a b/one+" back
cmp "one & only" back
s3cmd info "s3://first/a b/one+" >out.txt
grep -q value out.txt

# In parts, and copied on the server.
head -c 12582912 /dev/urandom >big
s3cmd put --multipart-chunk-size-mb=5 big s3://first/big
s3cmd cp s3://first/big s3://first/copy
s3cmd get s3://first/copy copy
cmp big copy
s3cmd mv s3://first/copy s3://first/moved
test "$(s3cmd ls -r s3://first | wc -l)" -eq 3

mkdir -p tree/below
echo two >tree/below/two
s3cmd sync tree/ s3://first/tree/
rm -r tree
s3cmd sync s3://first/tree/ tree/
test "$(cat tree/below/two)" = two

# It falls back to version 4 where a signature of version 2 is refused as such.
s3cmd ls --signature-v2 s3://first -d >out.txt 2>log.txt
grep -q "Authorization mechanism\|authorization mechanism" log.txt

s3cmd del -r -f s3://first
s3cmd rb s3://first
test -z "$(s3cmd ls)"
