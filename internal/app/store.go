package app

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"github.com/cirrus/omnichannel/internal/vault"
)

// defaultDatabase is used where the address names none.
const defaultDatabase = "omnichannel"

// databaseName reads the database from the store's address.
func databaseName(uri string) string {
	if parsed, err := connstring.Parse(uri); err == nil && parsed.Database != "" {
		return parsed.Database
	}
	return defaultDatabase
}

// SealBytes encrypts for a purpose.
func (s sealer) SealBytes(purpose string, plain []byte) ([]byte, error) {
	return bson.Marshal(s.vault.Seal(vault.Binding{Purpose: purpose}, plain))
}

// OpenBytes decrypts what was sealed for the same purpose.
func (s sealer) OpenBytes(purpose string, sealed []byte) ([]byte, error) {
	var box vault.Sealed
	if err := bson.Unmarshal(sealed, &box); err != nil {
		return nil, fmt.Errorf("read a sealed answer: %w", err)
	}
	return s.vault.Open(vault.Binding{Purpose: purpose}, box)
}
