package mongodb

import (
	"context"
	"errors"
	"regexp"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Labels by which server and driver say what may be done again.
const (
	transientTransaction = "TransientTransactionError"
	unknownCommit        = "UnknownTransactionCommitResult"
	retryableWrite       = "RetryableWriteError"
)

// Codes of the server that this package acts on.
const (
	codeNamespaceExists      = 48
	codeIndexOptionsConflict = 85
	codeIndexKeySpecConflict = 86
	codeWriteConflict        = 112
)

var duplicateIndex = regexp.MustCompile(`E11000 duplicate key error.*? index: (\S+) `)

// IsDuplicateKey tells whether a unique index refused a write, also inside a
// bulk write or a transaction.
func IsDuplicateKey(err error) bool { return mongo.IsDuplicateKeyError(err) }

// DuplicateIndex gives the name of the unique index that refused a write, of
// the first one in a bulk write; empty when err is no such refusal. The server
// tells the name in the error's text only (checked on 6.0).
func DuplicateIndex(err error) string {
	if !IsDuplicateKey(err) {
		return ""
	}
	for _, text := range serverTexts(err) {
		if found := duplicateIndex.FindStringSubmatch(text); found != nil {
			return found[1]
		}
	}
	return ""
}

// serverTexts gives what the server said, error by error, in order.
func serverTexts(err error) []string {
	var texts []string
	var bulk mongo.BulkWriteException
	var write mongo.WriteException
	var command mongo.CommandError
	switch {
	case errors.As(err, &bulk):
		for _, e := range bulk.WriteErrors {
			texts = append(texts, e.Message)
		}
	case errors.As(err, &write):
		for _, e := range write.WriteErrors {
			texts = append(texts, e.Message)
		}
	case errors.As(err, &command):
		texts = append(texts, command.Message)
	}
	return texts
}

// IsTransient tells whether the same operation may well succeed a moment
// later: a lost connection, an election, a write conflict, a timeout. It says
// nothing of whether the failed one was done. A canceled context is not
// transient: its owner gave up.
func IsTransient(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	return hasLabel(err, transientTransaction) || hasLabel(err, unknownCommit) || hasLabel(err, retryableWrite) ||
		mongo.IsNetworkError(err) || mongo.IsTimeout(err) || hasCode(err, codeWriteConflict)
}

func hasLabel(err error, label string) bool {
	var labelled mongo.LabeledError
	return errors.As(err, &labelled) && labelled.HasErrorLabel(label)
}

func hasCode(err error, codes ...int) bool {
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range codes {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return false
}
