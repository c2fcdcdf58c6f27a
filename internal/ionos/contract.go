package ionos

import (
	"cmp"
	"context"
	"strconv"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// Contract implements keys.Directory. The API may list several contracts of a
// user; the token tells which one is current.
func (s session) Contract(ctx context.Context) (keys.Contract, error) {
	list, c, err := do(ctx, s, readContract, func(ctx context.Context) (cloud.Contracts, *cloud.APIResponse, error) {
		return s.client.cloud.ContractResourcesApi.ContractsGet(ctx).Execute()
	})
	if err != nil {
		return keys.Contract{}, err
	}
	if list.Items == nil || len(*list.Items) == 0 {
		return keys.Contract{}, c.decodeError("has no contract")
	}
	me, _ := identify(s.access.Token) // without an identity, the first contract is the choice
	current := cmp.Or(s.access.Contract, me.Contract)
	for _, item := range *list.Items {
		if found := contract(item); found.Number == current {
			return found, nil
		}
	}
	return contract((*list.Items)[0]), nil
}

func contract(item cloud.Contract) keys.Contract {
	if item.Properties == nil {
		return keys.Contract{}
	}
	c := keys.Contract{OwnerEmail: value(item.Properties.Owner), Status: value(item.Properties.Status)}
	if number := item.Properties.ContractNumber; number != nil {
		c.Number = strconv.FormatInt(*number, 10)
	}
	return c
}
