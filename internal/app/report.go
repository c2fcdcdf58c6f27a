package app

import (
	"context"
	"time"

	"keydeck/internal/contractkeys"
	"keydeck/internal/directory"
	"keydeck/internal/ionos"
	"keydeck/internal/keyreport"
	"keydeck/internal/keys"
	"keydeck/internal/secret"
)

// ReportConfig configures a report.
type ReportConfig struct {
	CloudURL, AuthURL, ManagementURL string

	Token    secret.Value // of an owner or administrator of the contract
	Filter   keyreport.Filter
	Format   keyreport.Format
	Progress func(contractkeys.Snapshot) // called while the keys are read; may be nil

	Version string           // "dev" if empty
	Now     func() time.Time // time.Now if nil
}

// reportPatience is how long one look at the reading waits for more.
const reportPatience = time.Second

// Report writes the report of a contract's keys. It takes as long as the APIs ask
// for.
//
// The error is [keys.ErrInvalid] for a token that is none, the API's for a contract
// of which nothing could be read, or that of the format or of ctx.
func Report(ctx context.Context, cfg ReportConfig) (keyreport.Result, error) {
	common := Config{Version: cfg.Version, Now: cfg.Now}.complete()
	client, err := ionos.New(ionos.Config{
		CloudURL: cfg.CloudURL, AuthURL: cfg.AuthURL, ManagementURL: cfg.ManagementURL,
		UserAgent: "keydeck/" + common.Version, Now: common.Now,
	})
	if err != nil {
		return keyreport.Result{}, err
	}
	identity, err := client.Identify(cfg.Token)
	if err != nil {
		return keyreport.Result{}, err
	}
	reading := contractkeys.NewCache(contractkeys.Config{Users: directory.NewCache(directory.Config{Now: common.Now}), Now: common.Now})
	asker := contractkeys.Asker{Contract: identity.Contract, Remote: client.As(keys.Access{Token: cfg.Token})}
	stream := keyreport.Stream{
		Filter: cfg.Filter, Now: common.Now, Progress: cfg.Progress,
		Source: func(ctx context.Context) (contractkeys.Snapshot, error) {
			return reading.Recent(ctx, asker, time.Time{}, reportPatience)
		},
	}
	return stream.Write(ctx, cfg.Format)
}
