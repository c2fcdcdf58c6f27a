// Package clients holds tests alone: stock S3 clients, run as people have them
// against the sandbox's storage. Their scripts are in testdata.
package clients
