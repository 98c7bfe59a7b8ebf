package devicestore

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	"github.com/cirrus/omnichannel/internal/vault"
)

// pairingRow is what a device's row has of its pairing.
type pairingRow struct {
	ID bson.ObjectID `bson:"id"`
	// Key seals all else; the master key seals it.
	Key vault.Sealed `bson:"key"`
	// LastPreKey is the id of the newest one-time key: no id comes twice.
	LastPreKey int64      `bson:"lastPreKey,omitempty"`
	Profile    profileRow `bson:",inline"`
}

// profileRow is what the client saves of its device.
type profileRow struct {
	JID          string `bson:"jid"`
	LID          string `bson:"lid"`
	Platform     string `bson:"platform"`
	BusinessName string `bson:"businessName"`
	PushName     string `bson:"pushName"`
	LIDMigration int64  `bson:"lidMigration"`
	// Secrets are a sealed secretsRow.
	Secrets []byte `bson:"secrets"`
}

// secretsRow are the keys and credentials of a device.
type secretsRow struct {
	Noise          []byte `bson:"noise"`
	Identity       []byte `bson:"identity"`
	Signed         []byte `bson:"signed"`
	SignedID       int64  `bson:"signedId"`
	Signature      []byte `bson:"signature"`
	RegistrationID int64  `bson:"registrationId"`
	Adv            []byte `bson:"adv"`
	Account        []byte `bson:"account"`
	MetaNonce      string `bson:"metaNonce"`
	FacebookID     []byte `bson:"facebookId"`
}

var errDamaged = errors.New("a key has a wrong length")

func (d *device) binding(purpose string) vault.Binding {
	return vault.Binding{Purpose: purpose, RowID: d.holding.channel.String() + separator + d.pairing.Hex()}
}

// profile reads what is to be saved off a device.
func (d *device) profile(sd *store.Device) (profileRow, error) {
	account, err := proto.Marshal(sd.Account)
	if err != nil {
		return profileRow{}, fmt.Errorf("encode the account of device %s: %w", sd.ID, err)
	}
	plain, err := bson.Marshal(secretsRow{
		Noise: sd.NoiseKey.Priv[:], Identity: sd.IdentityKey.Priv[:],
		Signed: sd.SignedPreKey.Priv[:], SignedID: int64(sd.SignedPreKey.KeyID), Signature: sd.SignedPreKey.Signature[:],
		RegistrationID: int64(sd.RegistrationID), Adv: sd.AdvSecretKey, Account: account,
		MetaNonce: sd.CompanionMetaNonce, FacebookID: sd.FacebookUUID[:],
	})
	if err != nil {
		return profileRow{}, fmt.Errorf("encode the keys of device %s: %w", sd.ID, err)
	}
	return profileRow{
		JID: sd.ID.String(), LID: sd.LID.String(), Platform: sd.Platform, BusinessName: sd.BusinessName, PushName: sd.PushName,
		LIDMigration: sd.LIDMigrationTimestamp, Secrets: d.keys.Seal(d.binding(purposeKeys), plain).Box,
	}, nil
}

// setAll sets the fields of a document one by one, under a prefix.
func (c *change) setAll(prefix string, document any) error {
	encoded, err := bson.Marshal(document)
	if err != nil {
		return err
	}
	var fields bson.D
	if err := bson.Unmarshal(encoded, &fields); err != nil {
		return err
	}
	for _, field := range fields {
		c.set = append(c.set, bson.E{Key: prefix + field.Key, Value: field.Value})
	}
	return nil
}

// load makes the device of a pairing's row.
func (h *Holding) load(row *pairingRow) (*device, error) {
	opener := &device{holding: h, pairing: row.ID}
	key, err := h.store.vault.Open(opener.binding(purposeKey), row.Key)
	if err != nil {
		return nil, err
	}
	d, err := h.newDevice(row.ID, vault.Secret(key))
	if err != nil {
		return nil, err
	}
	d.is, d.lastPreKey = saved, uint32(row.LastPreKey)
	plain, err := d.keys.Open(d.binding(purposeKeys), vault.Sealed{KeyID: d.keys.KeyID(), Box: row.Profile.Secrets})
	if err != nil {
		return nil, err
	}
	var secrets secretsRow
	if err := bson.Unmarshal(plain, &secrets); err != nil {
		return nil, fmt.Errorf("decode the keys: %w", err)
	}
	sd, err := restore(row.Profile, secrets)
	if err != nil {
		return nil, err
	}
	d.attach(sd)
	return d, nil
}

// restore makes whatsmeow's device of what was saved of it.
func restore(profile profileRow, secrets secretsRow) (*store.Device, error) {
	if len(secrets.Noise) != 32 || len(secrets.Identity) != 32 || len(secrets.Signed) != 32 || len(secrets.Signature) != 64 || len(secrets.FacebookID) != 16 {
		return nil, errDamaged
	}
	jid, err := types.ParseJID(profile.JID)
	if err != nil {
		return nil, fmt.Errorf("read the device's JID: %w", err)
	}
	lid, err := parseJID(profile.LID)
	if err != nil {
		return nil, fmt.Errorf("read the device's LID: %w", err)
	}
	account := &waAdv.ADVSignedDeviceIdentity{}
	if err := proto.Unmarshal(secrets.Account, account); err != nil {
		return nil, fmt.Errorf("decode the account: %w", err)
	}
	return &store.Device{
		NoiseKey:       keys.NewKeyPairFromPrivateKey([32]byte(secrets.Noise)),
		IdentityKey:    keys.NewKeyPairFromPrivateKey([32]byte(secrets.Identity)),
		RegistrationID: uint32(secrets.RegistrationID), AdvSecretKey: secrets.Adv,
		SignedPreKey: &keys.PreKey{
			KeyPair: *keys.NewKeyPairFromPrivateKey([32]byte(secrets.Signed)),
			KeyID:   uint32(secrets.SignedID), Signature: (*[64]byte)(secrets.Signature),
		},
		ID: &jid, LID: lid, Account: account, Platform: profile.Platform, BusinessName: profile.BusinessName, PushName: profile.PushName,
		LIDMigrationTimestamp: profile.LIDMigration, CompanionMetaNonce: secrets.MetaNonce, FacebookUUID: uuid.UUID(secrets.FacebookID),
	}, nil
}

// parseJID reads a JID that may be empty.
func parseJID(text string) (types.JID, error) {
	if text == "" {
		return types.EmptyJID, nil
	}
	return types.ParseJID(text)
}
