package pages

import "cmp"

// useWords say what is done with the settings for a tool.
func useWords(tool string) string { return useSentences[tool] }

var useSentences = map[string]string{
	"aws-cli": "Add each text to the end of its file, or download it where there is none yet. " +
		"From version 2.13 on, the CLI finds the endpoint in config; the command below works with older ones too.",
	"sh":         "Load the file into a shell with a dot in front, or paste the lines: the AWS CLI, the SDKs and what is built with them take it from there.",
	"powershell": "Load the file with a dot in front, or paste the lines: the AWS CLI, the SDKs and what is built with them take it from there.",
	"rclone":     "Add the text to rclone's configuration; “rclone config file” says where that is. The name in brackets is that of the remote.",
	"s3cmd":      "Save the text as .s3cfg in your home, or name the file with “s3cmd -c”.",
	"cyberduck": "Open the downloaded bookmark with Cyberduck or Mountain Duck. A bookmark holds no secret by design: " +
		"copy it from the step before when you are asked for it.",
	"boto3":     "A program that lists your buckets, as a start. Keep the secret out of programs that you share.",
	"go":        "A program that lists your buckets, as a start. Keep the secret out of programs that you share.",
	"terraform": "The Object Storage settings of the vendor's provider. Keep the file out of version control.",
	"fields":    "For programs that ask for S3-compatible storage in a form: each value goes into the field of its name.",
	"csv":       "The file that S3 command-line tools import. It holds no endpoint: give that to the tool separately.",
}

// partLabel names a text by the place where the tool looks for it.
func partLabel(part UsePart) string { return cmp.Or(part.File.Place, part.Name) }
