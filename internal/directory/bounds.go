package directory

import "keydeck/internal/keys"

// Forget drops the users of a contract. A reading that is running is ended.
func (c *Cache) Forget(contract string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, found := c.readings.Peek(contract); found {
		r.mu.Lock()
		r.cancel()
		r.mu.Unlock()
		c.readings.Remove(contract)
	}
}

// Put corrects what is kept of a contract by a user who was created or changed.
func (c *Cache) Put(contract string, u keys.User) { c.correct(contract, u.ID, &u) }

// Remove corrects what is kept of a contract by a user who is deleted.
func (c *Cache) Remove(contract, userID string) { c.correct(contract, userID, nil) }

func (c *Cache) correct(contract, userID string, u *keys.User) {
	c.mu.Lock()
	r, found := c.readings.Peek(contract)
	c.mu.Unlock()
	if found && !r.correct(userID, u) {
		c.Forget(contract)
	}
}

// dropOld removes readings that are too old for any use. c.mu is held.
func (c *Cache) dropOld() {
	for _, contract := range c.readings.Keys() {
		if r, _ := c.readings.Peek(contract); !r.endedWithin(c.cfg.MaxAge) {
			c.readings.Remove(contract)
		}
	}
}

// makeRoom makes room for one reading more, and reports whether there is any.
// c.mu is held.
func (c *Cache) makeRoom() bool {
	return c.readings.Len() < c.cfg.MaxContracts || c.dropOldest()
}

// trim drops the readings that were not used for longest until the users kept
// are within their bound. c.mu is held.
func (c *Cache) trim() {
	for {
		total := 0
		for _, r := range c.readings.Values() {
			total += r.size()
		}
		if total <= c.cfg.MaxTotal || !c.dropOldest() {
			return
		}
	}
}

func (c *Cache) dropOldest() bool {
	for _, contract := range c.readings.Keys() { // from the oldest use on
		if r, _ := c.readings.Peek(contract); r.droppable() {
			return c.readings.Remove(contract)
		}
	}
	return false
}
