package ionos

import (
	"fmt"
	"strings"

	"github.com/ionos-cloud/sdk-go-bundle/shared"
)

// The SDKs read a dozen IONOS_* variables, meant for the vendor's command-line
// tools, which a console may well inherit from somebody's shell. Most are read
// by constructors that this package does not call. Of the rest,
//
//   - IONOS_LOG_LEVEL is read when the program starts; quiet takes it back.
//     One that is no level at all makes the SDK print a line that says so,
//     before any code of ours runs;
//   - IONOS_CONTRACT_NUMBER is read with every call of the Cloud API; the
//     transport owns that header (see prepare);
//   - IONOS_PINNED_CERT is checked below.

// CheckEnvironment refuses what the SDKs would take from the environment and
// this package cannot undo. New calls it.
func CheckEnvironment(environ []string) error {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if name == shared.IonosPinnedCertEnvVar && value != "" {
			// NewAPIClient of the Management API would put a transport that
			// pins this certificate into http.DefaultClient. To drop that
			// silently would not be right either: somebody wants pinning.
			return fmt.Errorf("ionos: unset %s: pinned certificates are not supported", name)
		}
	}
	return nil
}

// quiet turns the SDKs' logging off, whatever the environment asked for: from
// debug on it prints bodies, secrets included. It writes only where there is
// something to undo, so that clients can be made in parallel.
func quiet() {
	if shared.SdkLogLevel != shared.Off {
		shared.SdkLogLevel = shared.Off
	}
}
