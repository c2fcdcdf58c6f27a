# The life of a storage as the AWS CLI sees it.
export AWS_DEFAULT_REGION=de
aws() { "$AWS" --endpoint-url "$ENDPOINT" "$@"; }
refused() { # CODE COMMAND...
	code=$1
	shift
	if out=$("$@" 2>&1); then
		echo "$* is not refused: $out"
		exit 1
	fi
	case $out in *"$code"*) ;; *)
		echo "$*: $out, want $code"
		exit 1
		;;
	esac
}

aws s3 mb s3://first >out.txt
aws s3 mb s3://second >out.txt
test "$(aws s3api get-bucket-location --bucket first --output text)" = de
aws s3api head-bucket --bucket first
test -z "$(aws s3api list-multipart-uploads --bucket first --query 'Uploads' --output text | grep -v None)"

# One piece, and more than that.
head -c 9437184 /dev/urandom >nine
aws s3api put-object --bucket first --key nine --body nine --checksum-algorithm CRC32 >out.txt
aws s3 cp s3://first/nine nine.back >out.txt
cmp nine nine.back
head -c 17825792 /dev/urandom >seventeen
aws s3 cp seventeen "s3://first/a b/seventeen+" --metadata name=value >out.txt
aws s3 cp "s3://first/a b/seventeen+" s3://second/copy >out.txt
aws s3 cp s3://second/copy back >out.txt
cmp seventeen back
test "$(aws s3api head-object --bucket first --key "a b/seventeen+" --query Metadata.name --output text)" = value
aws s3 mv s3://second/copy s3://second/moved >out.txt
aws s3 ls --recursive s3://second | grep -q moved

# Folders.
mkdir -p tree/below
echo one >"tree/one & only"
echo two >tree/below/two
aws s3 sync tree s3://first/tree >out.txt
rm -r tree
aws s3 sync s3://first/tree tree >out.txt
test "$(cat tree/below/two "tree/one & only")" = "two
one"

# Refused.
refused NotImplemented aws s3api get-bucket-policy --bucket first
refused NoSuchBucket aws s3 ls s3://nowhere
refused BucketNotEmpty aws s3api delete-bucket --bucket first

aws s3 rb --force s3://first >out.txt
aws s3 rb --force s3://second >out.txt
test -z "$(aws s3 ls)"
