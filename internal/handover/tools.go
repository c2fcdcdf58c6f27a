package handover

import (
	"encoding/csv"
	"strings"
)

// tools is the table of what a key can be used with. A tool is an entry here;
// its texts are below and in texts.go.
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

// command is a line to be typed. What stands in it is chosen here or by the
// API, and quoted where a shell would make something else of it.
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

// marked has Windows PowerShell read a file as UTF-8, where that matters.
func marked(write func(Access) (string, error)) func(Access) (string, error) {
	return func(a Access) (string, error) {
		text, err := write(a)
		if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7e }) {
			text = "\ufeff" + text
		}
		return text, err
	}
}

// nameKey is how much of a key is in the name of its file.
const nameKey = 8

// CSVName is what the file with the pair is called.
func CSVName(a Access) string {
	accessKey := a.Pair.Key.AccessKey
	return "object-storage-key-" + accessKey[:min(nameKey, len(accessKey))] + ".csv"
}

// CSV writes what the S3 command-line tools' import reads: to the letter, for a
// secret that a spreadsheet would rather see altered is of no use altered.
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

// ImportReads reports whether the AWS CLI's import understands the CSV: it
// splits lines at commas, and knows no quotes.
func ImportReads(a Access) bool {
	secret := a.Pair.Secret.Reveal()
	return !strings.ContainsAny(secret, ",\"") && strings.TrimSpace(secret) == secret
}
