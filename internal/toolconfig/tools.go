package toolconfig

import (
	"encoding/csv"
	"strings"
)

// tools is the table of the tools. Their texts are in texts.go.
var tools = []Tool{
	{ID: "aws-cli", Name: "AWS CLI", Command: command("aws --profile {profile} --endpoint-url {url} s3 ls"), Files: []File{
		{Name: "credentials", Place: "~/.aws/credentials", write: form(awsPair, inPlainINI)},
		{Name: "config", Place: "~/.aws/config", write: form(awsConfig, inPlainINI)},
	}},
	{ID: "sh", Name: "Environment variables (sh)", Files: []File{
		{Name: "object-storage.sh", write: form(shell, inShell)},
	}},
	{ID: "powershell", Name: "Environment variables (PowerShell)", Files: []File{
		{Name: "object-storage.ps1", write: marked(form(powerShell, inPowerShell))},
	}},
	{ID: "rclone", Name: "rclone", Command: command("rclone lsd {profile}:"), Files: []File{
		{Name: "rclone.conf", Place: "~/.config/rclone/rclone.conf", write: form(rclone, inRclone)},
	}},
	{ID: "s3cmd", Name: "s3cmd", Command: command("s3cmd ls"), Files: []File{
		{Name: ".s3cfg", Place: "~/.s3cfg", write: form(s3cmd, inS3cmd)},
	}},
	{ID: "cyberduck", Name: "Cyberduck, Mountain Duck", Files: []File{
		{Name: "object-storage.duck", Type: "application/x-apple-plist", Alone: true, write: form(bookmark, inXML)},
	}},
	{ID: "boto3", Name: "Python (boto3)", Files: []File{
		{Name: "object_storage.py", write: form(boto3, inCode)},
	}},
	{ID: "go", Name: "Go (aws-sdk-go-v2)", Files: []File{
		{Name: "object_storage.go", write: form(goSDK, inCode)},
	}},
	{ID: "terraform", Name: "Terraform (ionoscloud)", Files: []File{
		{Name: "object-storage.tf", write: form(terraform, inHCL)},
	}},
	{ID: "fields", Name: "Veeam, Synology and others", Files: []File{
		{Name: "object-storage.txt", write: form(fields, line)},
	}},
	{ID: "csv", Name: "CSV", Command: command("aws configure import --csv file://{file}"), Files: []File{
		{Name: "key-pair.csv", Type: "text/csv; charset=utf-8", download: CSVName, write: CSV},
	}},
}

// command returns a function that fills the placeholders of a command line, with
// values quoted for a shell.
func command(text string) func(Access) string {
	return func(a Access) string {
		values := a.values()
		delete(values, "secret")
		pairs := []string{"{file}", quoted(CSVName(a))}
		for name, value := range values {
			pairs = append(pairs, "{"+name+"}", quoted(value))
		}
		return strings.NewReplacer(pairs...).Replace(text)
	}
}

func quoted(value string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/@"
	if strings.Trim(value, plain) == "" {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// marked adds a byte order mark to text that is not ASCII, so that Windows
// PowerShell reads it as UTF-8.
func marked(write func(Access) (string, error)) func(Access) (string, error) {
	return func(a Access) (string, error) {
		text, err := write(a)
		if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7e }) {
			text = "\ufeff" + text
		}
		return text, err
	}
}

// nameLength is how many characters of an access key are in the name of its file.
const nameLength = 8

// CSVName returns the name of the file with the pair. The file has no room to say that
// a pair is unverified.
func CSVName(a Access) string {
	accessKey := a.Pair.Key.AccessKey
	name := "object-storage-key-" + accessKey[:min(nameLength, len(accessKey))]
	if a.Unverified {
		name += "-not-checked"
	}
	return name + ".csv"
}

// CSV returns the pair in the form that S3 command-line tools import. It does not
// neutralize formulas for spreadsheets: that would alter the secret.
func CSV(a Access) (string, error) {
	if _, err := line(a.Pair.Secret.Reveal()); err != nil {
		return "", err // the ends of lines are not kept as they are
	}
	var b strings.Builder
	rows := csv.NewWriter(&b)
	rows.UseCRLF = true
	err := rows.WriteAll([][]string{
		{"User Name", "Access key ID", "Secret access key"},
		{a.Email, a.Pair.Key.AccessKey, a.Pair.Secret.Reveal()},
	})
	return b.String(), err
}
