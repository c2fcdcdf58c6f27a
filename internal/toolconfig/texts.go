package toolconfig

// unverified is what files say of a pair that could not be checked.
const unverified = "This pair could not be checked: the secret may have been renewed, or the key deleted, since."

// The first line of files with an unverified pair, by how a comment begins.
const (
	hashNote  = "{unverified}# " + unverified + "\n{/unverified}"
	slashNote = "{unverified}// " + unverified + "\n{/unverified}"
)

// The texts of the tools, with the placeholders of form.
const (
	awsPair = hashNote + `[{profile}]
aws_access_key_id = {key}
aws_secret_access_key = {secret}
`

	// Since version 2.23 the AWS CLI otherwise sends a checksum that some S3
	// services refuse.
	awsConfig = `[profile {profile}]
region = {region}
endpoint_url = {url}
request_checksum_calculation = when_required
response_checksum_validation = when_required
s3 =
    addressing_style = path
`

	shell = hashNote + `export AWS_ACCESS_KEY_ID={key}
export AWS_SECRET_ACCESS_KEY={secret}
export AWS_REGION={region}
export AWS_DEFAULT_REGION={region}
export AWS_ENDPOINT_URL_S3={url}
export AWS_REQUEST_CHECKSUM_CALCULATION='when_required'
export AWS_RESPONSE_CHECKSUM_VALIDATION='when_required'
`

	powerShell = hashNote + `$env:AWS_ACCESS_KEY_ID = {key}
$env:AWS_SECRET_ACCESS_KEY = {secret}
$env:AWS_REGION = {region}
$env:AWS_DEFAULT_REGION = {region}
$env:AWS_ENDPOINT_URL_S3 = {url}
$env:AWS_REQUEST_CHECKSUM_CALCULATION = 'when_required'
$env:AWS_RESPONSE_CHECKSUM_VALIDATION = 'when_required'
`

	rclone = hashNote + `[{profile}]
type = s3
provider = IONOS
env_auth = false
access_key_id = {key}
secret_access_key = {secret}
region = {region}
endpoint = {url}
acl = private
`

	// Without %(bucket)s, s3cmd puts the name of a bucket in the path.
	s3cmd = hashNote + `[default]
access_key = {key}
secret_key = {secret}
bucket_location = {region}
host_base = {endpoint}
host_bucket = {endpoint}
signature_v2 = False
use_https = {tls}True{/tls}{plain}False{/plain}
`

	// The programs keep secrets in the system's keychain, not in a bookmark.
	bookmark = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
{unverified}<!-- ` + unverified + ` -->
{/unverified}<plist version="1.0">
<dict>
	<key>Protocol</key>
	<string>s3</string>
{plain}	<key>Provider</key>
	<string>s3-http</string>
{/plain}	<key>Nickname</key>
	<string>IONOS Object Storage {region}</string>
	<key>Hostname</key>
	<string>{host}</string>
	<key>Port</key>
	<string>{port}</string>
	<key>Username</key>
	<string>{key}</string>
	<key>Custom</key>
	<dict>
		<key>s3.bucket.virtualhost.disable</key>
		<string>true</string>
		<key>s3.location</key>
		<string>{region}</string>
	</dict>
</dict>
</plist>
`

	boto3 = hashNote + `import boto3
from botocore.config import Config

s3 = boto3.client(
    "s3",
    endpoint_url={url},
    region_name={region},
    aws_access_key_id={key},
    aws_secret_access_key={secret},
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)

for bucket in s3.list_buckets()["Buckets"]:
    print(bucket["Name"])
`

	goSDK = slashNote + `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func main() {
	client := s3.New(s3.Options{
		Region:       {region},
		BaseEndpoint: aws.String({url}),
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider({key}, {secret}, ""),
	})
	list, err := client.ListBuckets(context.Background(), &s3.ListBucketsInput{})
	if err != nil {
		log.Fatal(err)
	}
	for _, bucket := range list.Buckets {
		fmt.Println(aws.ToString(bucket.Name))
	}
}
`

	terraform = hashNote + `terraform {
  required_providers {
    ionoscloud = {
      source = "ionos-cloud/ionoscloud"
    }
  }
}

{plain}# Elsewhere than at IONOS, the provider finds the endpoint by the variable
# IONOS_API_URL_OBJECT_STORAGE.
{/plain}provider "ionoscloud" {
  s3_access_key = {key}
  s3_secret_key = {secret}
  s3_region     = {region}
}
`

	fields = "{unverified}Note:           " + unverified + "\n{/unverified}" + `Service point:  {url}
Region:         {region}
Access key:     {key}
Secret key:     {secret}
Addressing:     path style
`
)
