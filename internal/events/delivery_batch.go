package events

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
)

// deliveriesMost is how many deliveries one row holds. The last byte of their ids
// counts them, but where a delivery had a row of its own once.
const deliveriesMost = 64

// DeliveryBatch is what the store keeps of deliveries: those of one platform that
// were made together, or some of them. One row for many, because each row costs its
// index entries when it is made and again when its status changes.
type DeliveryBatch struct {
	ID       ids.DeliveryBatch  `bson:"_id"` // its first delivery's
	Account  ids.Account        `bson:"accountId"`
	Platform ids.PlatformConfig `bson:"platformConfigId"`
	Slug     string             `bson:"platformSlug"`
	// PassesOn: the event is fleeting, and its delivery alone in its row.
	PassesOn  bool      `bson:"passesOn,omitempty"`
	CreatedAt time.Time `bson:"createdAt"`
	ExpiresAt time.Time `bson:"expiresAt"`

	Deliveries []Delivery `bson:"deliveries"` // by their positions
	Last       int64      `bson:"last"`       // position of the last one
	// Pending is set while any is, and Left tells how many are: for their index.
	Pending bool `bson:"pending,omitempty"`
	Left    int  `bson:"left"`
}

// add takes a delivery in, less what it shares with the row.
func (b *DeliveryBatch) add(d Delivery) {
	if d.Status == Pending {
		b.Pending = true
		b.Left++
	}
	b.Last = d.Position
	d.In, d.LastIn, d.Account, d.Platform, d.Slug, d.PassesOn = ids.DeliveryBatch{}, 0, "", ids.PlatformConfig{}, "", false
	d.PendingSince, d.CreatedAt, d.ExpiresAt = time.Time{}, time.Time{}, time.Time{}
	b.Deliveries = append(b.Deliveries, d)
}

// packed puts new deliveries into rows, and gives them their ids. Those of one
// platform stay in their order; a fleeting one stands alone.
func (s *Service) packed(offers []offered) []*DeliveryBatch {
	var rows []*DeliveryBatch
	open := map[ids.PlatformConfig]*DeliveryBatch{}
	for i := range offers {
		d := &offers[i].Delivery
		row := open[d.Platform]
		if d.PassesOn || row == nil || len(row.Deliveries) == deliveriesMost {
			row = &DeliveryBatch{
				ID: s.deliveryIDs.next(d.CreatedAt), Account: d.Account, Platform: d.Platform, Slug: d.Slug,
				PassesOn: d.PassesOn, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt,
			}
			rows = append(rows, row)
			open[d.Platform] = row
			if d.PassesOn {
				delete(open, d.Platform)
			}
		}
		d.In, d.ID = row.ID, nth(row.ID, len(row.Deliveries))
		row.add(*d)
	}
	return rows
}

// deliveryIDs makes ids of rows, as ObjectIDs are made: a time, what nobody else
// has, a count. The last byte is left to the deliveries, so that an id tells its row.
type deliveryIDs struct {
	own   [5]byte
	count atomic.Uint32
}

func newDeliveryIDs() *deliveryIDs {
	n := &deliveryIDs{}
	_, _ = rand.Read(n.own[:]) // it never fails
	return n
}

// next gives an id. Of one second there are 65,536.
func (n *deliveryIDs) next(at time.Time) (id ids.DeliveryBatch) {
	binary.BigEndian.PutUint32(id[:4], uint32(at.Unix()))
	copy(id[4:9], n.own[:])
	binary.BigEndian.PutUint16(id[9:11], uint16(n.count.Add(1)))
	return id
}

// nth is the id of a row's delivery; the first one's is the row's.
func nth(row ids.DeliveryBatch, n int) ids.Delivery {
	row[11] = byte(n)
	return ids.Delivery(row)
}

// rowOf is the filter of a delivery's row, which the ids from the row's to its own
// find. There are others only among rows of one delivery each, made when each had
// its own, which the last condition tells apart.
func rowOf(account ids.Account, id ids.Delivery) bson.D {
	first := id
	first[11] = 0
	return bson.D{
		{Key: "_id", Value: bson.D{{Key: "$gte", Value: first}, {Key: "$lte", Value: id}}}, {Key: "accountId", Value: account},
		{Key: "deliveries._id", Value: id},
	}
}

// shared is what a row gives each of its deliveries when they are read.
var shared = bson.D{
	{Key: "in", Value: "$_id"}, {Key: "lastIn", Value: "$last"}, {Key: "accountId", Value: "$accountId"}, {Key: "platformConfigId", Value: "$platformConfigId"}, {Key: "platformSlug", Value: "$platformSlug"},
	{Key: "passesOn", Value: "$passesOn"}, {Key: "pendingSince", Value: "$createdAt"}, {Key: "createdAt", Value: "$createdAt"}, {Key: "expiresAt", Value: "$expiresAt"},
}

// oneByOne are a pipeline's stages that make rows their deliveries.
var oneByOne = mongo.Pipeline{
	{{Key: "$unwind", Value: "$deliveries"}},
	{{Key: "$replaceWith", Value: bson.D{{Key: "$mergeObjects", Value: bson.A{shared, "$deliveries"}}}}},
}

// isPending tells whether the delivery $$d is.
var isPending = bson.D{{Key: "$eq", Value: bson.A{"$$d.status", Pending}}}

// triesOn counts a change of $$d, so that no change that was meant for what it was
// before is made.
var triesOn = bson.E{Key: "tries", Value: bson.D{{Key: "$add", Value: bson.A{"$$d.tries", 1}}}}

// changed is the update of a row in which change takes the place of those
// deliveries for which is holds. Both see the delivery as $$d, and as $$m what mine
// gives for it.
func changed(mine, is, change any) mongo.Pipeline {
	each := bson.D{{Key: "$let", Value: bson.D{
		{Key: "vars", Value: bson.D{{Key: "m", Value: mine}}},
		{Key: "in", Value: bson.D{{Key: "$cond", Value: bson.A{is, change, "$$d"}}}},
	}}}
	return mongo.Pipeline{
		{{Key: "$set", Value: bson.D{{Key: "deliveries", Value: bson.D{{Key: "$map", Value: bson.D{
			{Key: "input", Value: "$deliveries"}, {Key: "as", Value: "d"}, {Key: "in", Value: each},
		}}}}}}},
		{{Key: "$set", Value: bson.D{{Key: "left", Value: sizeOf(isPending)}}}},
		{{Key: "$set", Value: bson.D{{Key: "pending", Value: bson.D{{Key: "$cond", Value: bson.A{bson.D{{Key: "$gt", Value: bson.A{"$left", 0}}}, true, "$$REMOVE"}}}}}}},
	}
}

// sizeOf counts a row's deliveries for which is holds.
func sizeOf(is any) bson.D {
	return bson.D{{Key: "$size", Value: bson.D{{Key: "$filter", Value: bson.D{
		{Key: "input", Value: "$deliveries"}, {Key: "as", Value: "d"}, {Key: "cond", Value: is},
	}}}}}
}

// less is $$d without some fields.
func less(fields ...string) any {
	var rest any = "$$d"
	for _, field := range fields {
		rest = bson.D{{Key: "$unsetField", Value: bson.D{{Key: "field", Value: field}, {Key: "input", Value: rest}}}}
	}
	return rest
}

// with is a delivery with other values.
func with(rest any, values bson.D) bson.D {
	return bson.D{{Key: "$mergeObjects", Value: bson.A{rest, values}}}
}
