package wire

import (
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// receiptSteps are the receipts that say how far a message came. All others
// are known and say nothing about it: that our own other device has it or read
// something (sender, read-self, played-self), that a sleeping device has it
// (inactive), or matters between devices (retry, server-error, peer_msg,
// hist_sync).
var receiptSteps = map[types.ReceiptType]providers.MessageStatus{
	types.ReceiptTypeDelivered: providers.MessageDelivered,
	types.ReceiptTypeRead:      providers.MessageRead,
	types.ReceiptTypePlayed:    providers.MessagePlayed,
}

// ReadReceipt turns a receipt of somebody else about messages of ours into one
// StatusChanged for each; nil for every other receipt. A group's receipt has
// the group's address, whoever of its members it is from.
func ReadReceipt(e *events.Receipt) []providers.InboundPayload {
	if e == nil || e.IsFromMe || e.Chat.Server == types.NewsletterServer || e.Chat == types.StatusBroadcastJID {
		return nil
	}
	step, ok := receiptSteps[e.Type]
	if !ok {
		return nil
	}
	var payloads []providers.InboundPayload
	for _, id := range e.MessageIDs {
		if id == "" {
			continue
		}
		payloads = append(payloads, providers.StatusChanged{
			ID: ids.ProviderMessage(id), Status: step, Timestamp: utc(e.Timestamp), Address: recipient(e.MessageSource),
		})
	}
	return payloads
}

// recipient is who the messages went to.
func recipient(source types.MessageSource) providers.Address {
	if group := AddressOf(source.Chat); group.Kind == providers.KindGroup {
		return group
	}
	if names := addresses(source.Sender, source.SenderAlt); len(names) > 0 {
		return names[0]
	}
	return providers.Address{}
}
