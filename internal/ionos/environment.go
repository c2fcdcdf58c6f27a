package ionos

import (
	"fmt"
	"strings"

	"github.com/ionos-cloud/sdk-go-bundle/shared"
)

// The SDKs read a dozen IONOS_* variables. These are meant for the vendor's
// command-line tools, and a console may inherit them from a shell. Most are read
// by constructors that this package does not call. Of the rest,
//
//   - IONOS_LOG_LEVEL is read when the program starts; disableSDKLogging resets
//     it. For an unknown level the SDK prints a line before any code of this
//     package runs;
//   - IONOS_CONTRACT_NUMBER is read with every call of the Cloud API; the
//     transport sets that header (see prepare);
//   - IONOS_PINNED_CERT is checked below.

// CheckEnvironment returns an error for a variable that the SDKs read and whose
// effect this package cannot undo. New calls it.
func CheckEnvironment(environ []string) error {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if name == shared.IonosPinnedCertEnvVar && value != "" {
			// The Management API's NewAPIClient would put a transport that pins
			// this certificate into http.DefaultClient. Ignoring the variable
			// would drop a protection that was asked for.
			return fmt.Errorf("ionos: unset %s: pinned certificates are not supported", name)
		}
	}
	return nil
}

// disableSDKLogging turns the SDKs' logging off, whatever the environment asks
// for: from level debug on it prints bodies, secrets included. It writes only if
// there is something to undo, so that New can be called concurrently.
func disableSDKLogging() {
	if shared.SdkLogLevel != shared.Off {
		shared.SdkLogLevel = shared.Off
	}
}
