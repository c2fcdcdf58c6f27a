# The life of a storage as boto3 sees it.
import hashlib
import os
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024


def client(region):
    return boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], region_name=region,
                        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}))


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, (code, e.response)
        return e.response
    raise AssertionError(f"{call.__name__} {arguments} is not refused")


s3 = client("de")
s3.create_bucket(Bucket="box", CreateBucketConfiguration={"LocationConstraint": "de"})
s3.create_bucket(Bucket="other", CreateBucketConfiguration={"LocationConstraint": "de"})
assert s3.get_bucket_location(Bucket="box")["LocationConstraint"] == "de"
assert s3.head_bucket(Bucket="box")["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "de"
refused("BucketAlreadyOwnedByYou", s3.create_bucket, Bucket="box", CreateBucketConfiguration={"LocationConstraint": "de"})
refused("NoSuchBucket", client("eu-central-3").list_objects_v2, Bucket="box")
# boto3 may read the region and go on, or say what the answer says.
try:
    assert "Contents" not in client("us-east-1").list_objects_v2(Bucket="box")
except ClientError as e:
    assert e.response["Error"]["Region"] == "de", e.response

# Objects, ranges, conditions, metadata.
put = s3.put_object(Bucket="box", Key="x", Body=b"0123456789", Metadata={"CamelCase": "v"}, ContentType="text/plain", CacheControl="no-cache")
assert s3.get_object(Bucket="box", Key="x", Range="bytes=2-4")["Body"].read() == b"234"
head = s3.head_object(Bucket="box", Key="x")
assert head["Metadata"] == {"camelcase": "v"} and head["ContentType"] == "text/plain" and head["CacheControl"] == "no-cache", head
refused("412", s3.head_object, Bucket="box", Key="x", IfMatch='"x"')
refused("PreconditionFailed", s3.get_object, Bucket="box", Key="x", IfMatch='"x"')
refused("304", s3.get_object, Bucket="box", Key="x", IfNoneMatch=put["ETag"])
refused("InvalidRange", s3.get_object, Bucket="box", Key="x", Range="bytes=99-")
refused("NoSuchKey", s3.get_object, Bucket="box", Key="none")

# Checksums.
for algorithm in ["CRC32", "SHA1", "SHA256"]:
    name = "Checksum" + algorithm
    put = s3.put_object(Bucket="box", Key=algorithm, Body=b"hello", ChecksumAlgorithm=algorithm)
    assert put[name], put
    head = s3.head_object(Bucket="box", Key=algorithm, ChecksumMode="ENABLED")
    assert head[name] == put[name], head
    assert s3.get_object(Bucket="box", Key=algorithm, ChecksumMode="ENABLED")["Body"].read() == b"hello"
    got = s3.get_object(Bucket="box", Key=algorithm, ChecksumMode="ENABLED", Range="bytes=0-3")
    assert got["Body"].read() == b"hell" and name not in got
    refused("304", s3.get_object, Bucket="box", Key=algorithm, ChecksumMode="ENABLED", IfNoneMatch=head["ETag"])
refused("BadDigest", s3.put_object, Bucket="box", Key="bad", Body=b"hello", ChecksumCRC32="AAAAAA==")
refused("NoSuchKey", s3.get_object, Bucket="box", Key="bad")

# Copies.
s3.copy_object(Bucket="other", Key="y z+", CopySource={"Bucket": "box", "Key": "x"})
assert s3.head_object(Bucket="other", Key="y z+")["Metadata"] == {"camelcase": "v"}
s3.copy_object(Bucket="box", Key="y", CopySource={"Bucket": "other", "Key": "y z+"}, MetadataDirective="REPLACE", Metadata={"new": "1"})
head = s3.head_object(Bucket="box", Key="y")
assert head["Metadata"] == {"new": "1"} and "CacheControl" not in head, head
refused("InvalidRequest", s3.copy_object, Bucket="box", Key="x", CopySource={"Bucket": "box", "Key": "x"})

# Uploads in parts, by the transfer manager and by hand.
data = os.urandom(17 * MIB)
with open("in", "wb") as f:
    f.write(data)
transfer = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=5 * MIB)
s3.upload_file("in", "box", "big", Config=transfer)
s3.download_file("box", "big", "out", Config=transfer)
assert open("out", "rb").read() == data
s3.copy({"Bucket": "box", "Key": "big"}, "other", "big", Config=transfer)
assert hashlib.md5(s3.get_object(Bucket="other", Key="big")["Body"].read()).digest() == hashlib.md5(data).digest()
up = s3.create_multipart_upload(Bucket="box", Key="hand", ChecksumAlgorithm="SHA256")["UploadId"]
first = s3.upload_part(Bucket="box", Key="hand", UploadId=up, PartNumber=1, Body=data[:5 * MIB], ChecksumAlgorithm="SHA256")
assert [u["Key"] for u in s3.list_multipart_uploads(Bucket="box")["Uploads"]] == ["hand"]
second = s3.upload_part(Bucket="box", Key="hand", UploadId=up, PartNumber=2, Body=b"end", ChecksumAlgorithm="SHA256")
assert [p["PartNumber"] for p in s3.list_parts(Bucket="box", Key="hand", UploadId=up)["Parts"]] == [1, 2]
parts = [{"PartNumber": n + 1, "ETag": p["ETag"], "ChecksumSHA256": p["ChecksumSHA256"]} for n, p in enumerate([first, second])]
done = s3.complete_multipart_upload(Bucket="box", Key="hand", UploadId=up, MultipartUpload={"Parts": parts})
head = s3.head_object(Bucket="box", Key="hand", ChecksumMode="ENABLED")
assert head["ETag"] == done["ETag"] and head["ChecksumSHA256"].endswith("-2"), (head, done)
part = s3.get_object(Bucket="box", Key="hand", PartNumber=2)
assert part["Body"].read() == b"end" and part["PartsCount"] == 2
up = s3.create_multipart_upload(Bucket="box", Key="copied")["UploadId"]
copied = s3.upload_part_copy(Bucket="box", Key="copied", UploadId=up, PartNumber=1, CopySource={"Bucket": "other", "Key": "big"},
                             CopySourceRange=f"bytes=0-{6 * MIB - 1}")["CopyPartResult"]
assert copied["LastModified"]
s3.complete_multipart_upload(Bucket="box", Key="copied", UploadId=up, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": copied["ETag"]}]})
assert s3.head_object(Bucket="box", Key="copied")["ContentLength"] == 6 * MIB
refused("NoSuchUpload", s3.list_parts, Bucket="box", Key="copied", UploadId=up)

# Versions.
assert "Status" not in s3.get_bucket_versioning(Bucket="other")
s3.put_bucket_versioning(Bucket="other", VersioningConfiguration={"Status": "Enabled"})
one = s3.put_object(Bucket="other", Key="v", Body=b"1")["VersionId"]
two = s3.put_object(Bucket="other", Key="v", Body=b"2")["VersionId"]
marker = s3.delete_object(Bucket="other", Key="v")
assert marker["DeleteMarker"]
refused("NoSuchKey", s3.get_object, Bucket="other", Key="v")
assert s3.get_object(Bucket="other", Key="v", VersionId=one)["Body"].read() == b"1"
s3.delete_object(Bucket="other", Key="v", VersionId=marker["VersionId"])
assert s3.get_object(Bucket="other", Key="v")["VersionId"] == two

# Addresses signed beforehand.
get = s3.generate_presigned_url("get_object", Params={"Bucket": "box", "Key": "x"}, ExpiresIn=60)
assert urllib.request.urlopen(get).read() == b"0123456789"
put = s3.generate_presigned_url("put_object", Params={"Bucket": "box", "Key": "presigned"}, ExpiresIn=60)
urllib.request.urlopen(urllib.request.Request(put, data=b"by address", method="PUT", headers={"Content-Type": ""}))
assert s3.get_object(Bucket="box", Key="presigned")["Body"].read() == b"by address"
try:
    urllib.request.urlopen(get.replace("/box/x", "/box/y"))
    raise AssertionError("another object's address is taken")
except urllib.error.HTTPError as e:
    assert e.code == 403

# A thousand keys and more, with odd names.
s3.create_bucket(Bucket="many", CreateBucketConfiguration={"LocationConstraint": "de"})
names = sorted([f"{n:04}" for n in range(1050)] + ["\x01\x1f", "a b+c&d%20", "ä/ö/ü", "..", "a//b", "'\"<>", "🔑", "x" * 1024, "a", "a/b"],
               key=lambda name: name.encode())
for name in names:
    s3.put_object(Bucket="many", Key=name, Body=name.encode())
for operation in ["list_objects", "list_objects_v2"]:
    listed = [o["Key"] for page in s3.get_paginator(operation).paginate(Bucket="many") for o in page.get("Contents", [])]
    assert listed == names, (operation, set(listed) ^ set(names))
listed = [v["Key"] for page in s3.get_paginator("list_object_versions").paginate(Bucket="many") for v in page.get("Versions", [])]
assert listed == names
for name in names[-12:]:
    assert s3.get_object(Bucket="many", Key=name)["Body"].read() == name.encode(), name
refused("KeyTooLong", s3.put_object, Bucket="many", Key="x" * 1025, Body=b"")
for i in range(0, len(names), 1000):
    s3.delete_objects(Bucket="many", Delete={"Objects": [{"Key": n} for n in names[i:i + 1000] if ord(n[0]) > 31]})
s3.delete_object(Bucket="many", Key="\x01\x1f")
s3.delete_bucket(Bucket="many")

# What is not there.
refused("NotImplemented", s3.put_object, Bucket="box", Key="tagged", Body=b"", Tagging="a=b")
refused("NotImplemented", s3.put_object, Bucket="box", Key="public", Body=b"", ACL="public-read")
s3.put_object(Bucket="box", Key="private", Body=b"", ACL="private")
refused("NotImplemented", s3.get_bucket_policy, Bucket="box")
refused("NotImplemented", s3.put_bucket_lifecycle_configuration, Bucket="box",
        LifecycleConfiguration={"Rules": [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]})
refused("NoSuchTagSet", s3.get_bucket_tagging, Bucket="box")
refused("ObjectLockConfigurationNotFoundError", s3.get_object_lock_configuration, Bucket="box")
assert s3.get_object_tagging(Bucket="box", Key="x")["TagSet"] == []
refused("BucketNotEmpty", s3.delete_bucket, Bucket="box")
