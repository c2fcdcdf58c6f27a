package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxDays is above the age of the service.
const maxDays = 3650

// age is a number of days, written as 90d; 0 stands for no age.
type age time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *age) UnmarshalText(text []byte) error {
	days, err := strconv.ParseUint(strings.TrimSuffix(string(text), "d"), 10, 16)
	if err != nil || days > maxDays || days > 0 && !strings.HasSuffix(string(text), "d") {
		return fmt.Errorf("%q is not an age", text)
	}
	*a = age(time.Duration(days) * 24 * time.Hour)
	return nil
}
