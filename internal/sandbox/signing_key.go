package sandbox

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
)

// signingKeyPEM signs the sandbox's tokens. It protects nothing: it is public
// on purpose, so that a token still counts after a restart and so that no time
// goes into making a key at start. No real service trusts it.
const signingKeyPEM = `-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEAyPxrkl9skahj/4cqDAAsIoUNNgaV/MCSVRaRjD1oQ5cjoEIs
tibsc8Fk9AnVa6Bxy2qcZeO7Di9fqEJys1lRdqaqPXC35GT0D3AOkUg2koKgoXfQ
Jd6Nd2A9LyzGObkGXabmFM8DYXDo3F0betAuwZ//aXZ3tDMfnTVUbViwBBA9ABN5
LabN9GDz6b/GC+SWHf7tBjaMtxFS134rZCPk9qqrDQX0vwzkAl87M3zGnIIY2V71
Et8jVN/vdJ0KKfMAdh9ZlWmyTPgr/+zsZ7VmV0elniaGcSCsanNqLMAj2YuSqAlH
lVh9b/T1Hs2ZCNlNrKnPfb3891cmcMM3l+iNdQIDAQABAoIBABBFGMsuVNpctI2e
qjly+R+pQCbHtTQS/bWMIGenH+3aygxC1x4+u+Tp+qtjsWZnRFb4cCUyYHXXQWnc
SS86E4VknALhwU0om/Y09sTtgNdu4iR4D75FDBQmEwXi3MAW+Ywywszb7jTg4ETY
d61DNYnAkzs9FxccDVrbUpSQeZ02c4r1pp8X/fO27II5eUeZKJpCd9A13G2JRsXX
WJXR7axGpWk4vw+Q+D++CyVcso0Q5iQNUQ9riJtvWhMZAOgwCJ8aKQpf/g4MYpwD
+KXMJxGp1hLpwSmeKYsA/jAMPmPd35QCJaQ51unoTkmvkhUwP3CY90cJarkdYsWu
el/BaMECgYEA7RdjYlWnFUo9CdK3uHfpgFp6c6c5qanjyNk+LPqVOZRbzVkH0H0W
XyZROGzq2nqPjxaJ+mgebt7jjU66URbhgmO6Gwfhi1k77BU63s72tED3YxQ+BCZF
m2OgYtGzABDK2bydAxLFJzDNxLkWi/bivH5WOpTgfz+cvEE6le5TiMECgYEA2QPh
ugoRsZwLRRoh9AYnJ8pj6UBpE/ZCZ/TPgUgOZfwaQpKUzSfwwvPORcfw1I9RVdql
u6XWn375pP6RHO1WJKNvBV68YOc9jQstvp2qFeXGRBIgMMX12hG9dkQGfus0oZ5c
wj4B5HCH0gyGMWGEqDrRGLpEOTtGj+rIoDQbHbUCgYEA0RC0pHue8BkcpdLYCqRC
lNoz7FPjdwbGQ8+9EfCNMc7u/K6rQ19qINErAbSZi7pTaPuZA+RYIbANvAdWKDci
99V0wG08p6IyQsWdueeKh/xZqVaqMQKGkrVRMpJzY3VrSoEVeyZMD3jrmbMUfKth
2JEW/GVXaR3w2dgzDw6vPoECgYBR/R1y5Ar7RzEa0lyxjQGODvDgVu1cFVXRYLRk
64xFC5IARNDjEYvsm5/6zSc3p03bWdfzpRwI9jfrFiJNA33gKb7wEHKrSbH/b5HA
ymBQFZdqcE6pHqFb2gfyfpDVspcX2HTDDho47CrkOMcaMPWleVM2PGk6FiL6jIFv
xT/ZYQKBgFlaysdlspRreRPhS5k04zUyXIkbZxsxfgZnmcjk3CHyYmT7sjkWMBhm
6ELQBdu+wDEjPa7tHB++Op2xFaxYvdyofjeP6Ef75QcdwsxYKnjOjP5lJ5aB5NMu
6fhUVdfuXrrhaxNy8gnoXY1YILwn9k26jiaPu9nM/DSvKdM/tx/d
-----END RSA PRIVATE KEY-----
`

func parseSigningKey() (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(signingKeyPEM))
	if block == nil {
		return nil, errors.New("sandbox: the signing key is not PEM")
	}
	return x509.ParsePKCS1PrivateKey(block.Bytes)
}
