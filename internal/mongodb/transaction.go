package mongodb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// ErrCommitUnknown marks a transaction whose commit was sent and never
// confirmed before the context ended: it may be done or not. Look, before
// doing it again.
var ErrCommitUnknown = errors.New("the transaction may be committed or not")

const (
	retryFirst = 5 * time.Millisecond
	retryMost  = 250 * time.Millisecond
	// abortPatience bounds the abort after a failure, whose context may have
	// ended; what is not aborted the server ends by itself after a minute, and
	// until then nobody else can write its rows.
	abortPatience = 5 * time.Second
	// commitPatience is how long a commit that was begun is asked for behind the
	// end of its context: one that never arrived would hold its rows like that.
	commitPatience = 3 * time.Second
)

// insideKey marks the context of a running transaction.
type insideKey struct{}

// Transaction runs fn in a transaction: snapshot reads, a majority and
// journalled commit. The operations that belong to it take fn's context.
//
// fn may run several times, as a whole, while the server calls the failure
// transient; it must therefore hand back the errors of its operations
// (wrapped as it likes) and keep no state from an earlier run, which ends with
// ctx. A commit without an answer is repeated, also for commitPatience behind
// the end of ctx: what was committed is no error then. fn's other errors abort
// the transaction and come back as they are.
//
// Inside a transaction fn joins it: it runs once, and the outer one commits.
func Transaction(ctx context.Context, client *mongo.Client, fn func(ctx context.Context) error) error {
	if ctx.Value(insideKey{}) != nil {
		return fn(ctx)
	}
	session, err := client.StartSession()
	if err != nil {
		return fmt.Errorf("start a transaction: %w", err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	inside := context.WithValue(mongo.NewSessionContext(ctx, session), insideKey{}, true)

	for wait := retryFirst; ; wait = min(2*wait, retryMost) {
		again, err := attempt(ctx, inside, session, fn)
		if !again {
			return err
		}
		if pause(ctx, wait/2+rand.N(wait)) != nil {
			return fmt.Errorf("%w (last try: %w)", context.Cause(ctx), err)
		}
	}
}

// attempt runs fn and the commit once. again tells whether everything may be
// done again because nothing of it was.
func attempt(ctx, inside context.Context, session *mongo.Session, fn func(context.Context) error) (again bool, err error) {
	if err := session.StartTransaction(transactionOptions()); err != nil {
		return false, fmt.Errorf("start a transaction: %w", err)
	}
	finished := false
	defer func() {
		if !finished { // fn failed or panicked
			abort(ctx, session)
		}
	}()
	if err := fn(inside); err != nil {
		return hasLabel(err, transientTransaction) && ctx.Err() == nil, err
	}
	if ctx.Err() != nil { // a commit would not be sent
		return false, context.Cause(ctx)
	}
	finished = true
	return commit(ctx, session)
}

// commit repeats a commit until its outcome is known, or the patience behind the
// end of ctx is over.
func commit(ctx context.Context, session *mongo.Session) (again bool, err error) {
	asked, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	defer context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(commitPatience, func() { stop(context.Cause(ctx)) })
		context.AfterFunc(asked, func() { timer.Stop() })
	})()
	return commitUntil(asked, session)
}

func commitUntil(ctx context.Context, session *mongo.Session) (again bool, err error) {
	for wait := retryFirst; ; wait = min(2*wait, retryMost) {
		err := session.CommitTransaction(ctx)
		switch {
		case err == nil:
			return false, nil
		case hasLabel(err, unknownCommit), !answered(err):
			// A commit may be repeated: the server remembers its outcome.
			if errors.Is(err, mongo.ErrClientDisconnected) {
				return false, fmt.Errorf("%w: %w", ErrCommitUnknown, err)
			}
			if pause(ctx, wait) != nil {
				return false, fmt.Errorf("%w: %w (last answer: %w)", ErrCommitUnknown, context.Cause(ctx), err)
			}
		default:
			return hasLabel(err, transientTransaction), err
		}
	}
}

// answered tells whether an error is the server's own word, rather than that
// of a driver that may have sent something before it gave up.
func answered(err error) bool {
	var refused mongo.CommandError
	return errors.As(err, &refused) && refused.Code != 0
}

func abort(ctx context.Context, session *mongo.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortPatience)
	defer cancel()
	_ = session.AbortTransaction(ctx) // the server aborts what we cannot
}

func transactionOptions() *options.TransactionOptionsBuilder {
	journal := true
	return options.Transaction().
		SetReadConcern(readconcern.Snapshot()).
		SetReadPreference(readpref.Primary()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
}

// pause waits, or gives ctx's error as soon as it ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
