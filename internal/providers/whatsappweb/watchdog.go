package whatsappweb

// look is what the connection's own goroutine does now and then: it ends the
// connection with its lease, and makes it anew where it seems dead.
//
// What can be told from outside: that nothing comes at all, not even an answer
// to the client's pings, is a dead connection. That answers come and nothing
// else may be a quiet night as well as a server that forgot us, and no question
// tells them apart; so after a long while the connection is made anew, which
// brings whatever was held back and costs little.
func (c *Conn) look() {
	l, now := &c.life, c.options.Now()
	switch {
	case !now.Before(c.channel.Lease.TrustedUntil()):
		c.step(signal{trigger: fenced, detail: detailLease, again: againElsewhere})
	case !l.dialled.IsZero() && (now.Sub(l.dialled) > c.options.LoginLimit || c.trace.silentFor() > c.options.Silence):
		c.step(signal{trigger: silence, detail: detailSlowLogin})
	case l.openedAt.IsZero():
	case c.trace.silentFor() > c.options.Silence:
		c.trace.fresh()
		c.step(signal{trigger: silence, detail: detailSilent})
	case c.trace.deafFor() > l.deafness:
		c.trace.fresh()
		c.step(signal{trigger: silence, detail: detailDeaf})
	}
}
