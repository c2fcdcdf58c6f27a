package ionos

import (
	"cmp"
	"context"
	"strconv"

	cloud "github.com/ionos-cloud/sdk-go/v6"

	"keydeck/internal/keys"
)

// Contract implements keys.Directory. Somebody with several contracts may be
// given them all; the token tells which is meant.
func (s session) Contract(ctx context.Context) (keys.Contract, error) {
	list, x, err := ask(ctx, s, readContract, func(ctx context.Context) (cloud.Contracts, *cloud.APIResponse, error) {
		return s.client.cloud.ContractResourcesApi.ContractsGet(ctx).Execute()
	})
	if err != nil {
		return keys.Contract{}, err
	}
	if list.Items == nil || len(*list.Items) == 0 {
		return keys.Contract{}, x.unreadable("has no contract")
	}
	me, _ := identify(s.access.Token) // without one, the first contract is as good as any
	meant := cmp.Or(s.access.Contract, me.Contract)
	for _, item := range *list.Items {
		if c := contract(item); c.Number == meant {
			return c, nil
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
