# The life of a storage as rclone sees it.
cat >rclone.conf <<CONF
[box]
type = s3
provider = Other
env_auth = true
endpoint = $ENDPOINT
region = de
acl = private
CONF
rclone() { command rclone --config rclone.conf --retries 1 --low-level-retries 1 -q "$@"; }

rclone mkdir box:first
mkdir -p tree/below
echo one >"tree/one & only+"
echo two >"tree/below/ünïcode %20"
head -c 12582912 /dev/urandom >tree/big
rclone copy --s3-upload-cutoff 5M --s3-chunk-size 5M tree box:first/tree
rclone check tree box:first/tree
test "$(rclone lsf -R box:first/tree | wc -l)" -eq 4

# A copy on the server, in one piece and in parts.
rclone copy box:first/tree/below box:first/copied
rclone copy --s3-copy-cutoff 5M --s3-chunk-size 5M box:first/tree box:second
rclone check tree box:second
test "$(rclone cat --offset 0 --count 3 "box:second/one & only+")" = one

# What has changed is found, and nothing else is sent.
echo changed >"tree/one & only+"
rclone sync tree box:second
rclone check tree box:second
touch -d 2020-01-02T03:04:05Z tree/big
rclone copy tree box:second
rclone lsl box:second/big | grep -q "2020-01-02"

rclone moveto box:second/big box:second/moved
rclone delete box:second
rclone rmdir box:second
rclone purge box:first
test -z "$(rclone lsd box:)"
