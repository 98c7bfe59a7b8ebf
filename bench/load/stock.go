package load

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"

	"github.com/cirrus/omnichannel/bench/rig"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Populate lets everyone write once, and notes sessions.
func Populate(ctx context.Context, client *http.Client, job *Job) error {
	at, err := url.Parse(job.URL)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for first := 0; first < job.People; first += 50 {
		group.Go(func() error {
			texts := make([]rig.Text, 0, 50)
			for i := first; i < min(first+50, job.People); i++ {
				texts = append(texts, rig.Text{From: person(i), ID: fmt.Sprintf("wamid.FIRST%d", i), Body: "oi", Unix: time.Now().Unix()})
			}
			w := &wire{host: at.Host}
			defer w.close()
			return webhook(ctx, w, *job, rig.TextWebhook(texts...))
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("populate: %w", err)
	}
	return noteSessions(context.WithoutCancel(ctx), client, job)
}

// sessionsNoted is how many sessions sends spread over: more than a burst to
// one recipient may not be sent.
const sessionsNoted = 3000

func noteSessions(ctx context.Context, client *http.Client, job *Job) error {
	for cursor := ""; len(job.Sessions) < sessionsNoted; {
		var page struct {
			Items []struct {
				ID string `json:"_id"`
			} `json:"items"`
			Next string `json:"nextCursor"`
		}
		if err := rig.Call(ctx, client, job.World.Key, http.MethodGet, job.URL+"/api/accounts/"+job.World.Account+"/sessions?limit=100&cursor="+url.QueryEscape(cursor), nil, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			job.Sessions = append(job.Sessions, item.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	return nil
}

// StockOutbound writes sent messages straight into the store, n of them in
// their sessions, so that statuses have something to arrive for.
func StockOutbound(ctx context.Context, job *Job, n int) error {
	client, err := mongodb.Connect(ctx, job.MongoURI, mongodb.Options{AppName: "bench"})
	if err != nil {
		return err
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	db := client.Database("omnichannel")
	var contacts []struct {
		ID         bson.ObjectID `bson:"_id"`
		Contact    bson.ObjectID `bson:"contactId"`
		Channel    bson.ObjectID `bson:"channelId"`
		Identifier string        `bson:"contactIdentifier"`
	}
	cursor, err := db.Collection("sessions").Aggregate(ctx, bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "state", Value: "active"}}}}, bson.D{{Key: "$limit", Value: 2000}},
		bson.D{{Key: "$lookup", Value: bson.D{{Key: "from", Value: "contacts"}, {Key: "localField", Value: "contactId"}, {Key: "foreignField", Value: "_id"}, {Key: "as", Value: "c"}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "contactIdentifier", Value: bson.D{{Key: "$first", Value: "$c.contactIdentifier"}}}}}},
	})
	if err != nil {
		return err
	}
	if err := cursor.All(ctx, &contacts); err != nil {
		return err
	}
	rows := make([]messages.Message, 0, n)
	for i := range n {
		who := contacts[i%len(contacts)]
		id := ids.ProviderMessage(fmt.Sprintf("wamid.OUT.%d.%d", job.Seed, i))
		row := messages.Message{
			ID: ids.New[ids.Message](), Channel: ids.Channel(who.Channel), Account: ids.Account(job.World.Account), Session: ids.Session(who.ID), Contact: ids.Contact(who.Contact),
			Sequence: int64(1_000_000 + int(job.Seed%1_000_000_000)*1000 + i), Direction: messages.Outbound, Origin: messages.FromAPI, ProviderID: id,
			DedupeKey: messages.DedupeKeyOf(messages.Outbound, id), Content: providers.Content{Type: providers.TypeText, Text: "Olá! Como posso ajudá-lo?"},
			Timestamp: time.Now(), ReceivedAt: time.Now(), Status: providers.MessageQueued, Rank: providers.MessageQueued.Rank(),
			History: []messages.StatusEntry{{Status: providers.MessageQueued, Timestamp: time.Now()}},
			To:      providers.Address{Kind: providers.KindPhone, Value: who.Identifier},
		}
		rows = append(rows, row)
		job.Outbound = append(job.Outbound, Outbound{ID: row.ID.String(), ProviderID: string(id), To: who.Identifier})
	}
	_, err = db.Collection("messages").InsertMany(ctx, rows)
	return err
}
