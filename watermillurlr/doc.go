// Package watermillurlr publishes URLR's clicks to a message broker before URLR gets its 2xx
// response. It uses Watermill, which supports Kafka, NATS JetStream, AMQP, Redis Streams, SQL and
// cloud queues. With NATS JetStream:
//
//	publisher, err := nats.NewPublisher(nats.PublisherConfig{
//		URL:         "nats://localhost:4222",
//		NatsOptions: []natsgo.Option{natsgo.ReconnectBufSize(-1), natsgo.MaxReconnects(-1)},
//		JetStream:   nats.JetStreamConfig{TrackMsgId: true},
//	}, logger)
//	// ...
//	publish := watermillurlr.Publish(publisher, "clicks", watermillurlr.WithRetry(20*time.Second))
//	handle := ginurlr.Handler(publish)
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), handle)
//
// In the consumer, which may be another program:
//
//	router.AddConsumerHandler("count", "clicks", subscriber, watermillurlr.Consume(record))
//
// record is a [core.HandlerFunc], as everywhere else. (Watermill 1.5.0 calls AddConsumerHandler
// AddNoPublisherHandler.)
//
// # Messages
//
// The payload is [core.Event.Raw]. The metadata contains the event's type, form and fingerprint,
// see [TypeKey], [FormKey] and [FingerprintKey]. [Event] needs all three, and the exact bytes of
// the payload.
//
// The UUID is random. Never use the fingerprint as a message ID: twins, two clicks that happen to
// have identical bodies, share it, and a broker that drops IDs it has seen drops the second click.
//
// # What the publisher must guarantee
//
// A click that got its 2xx response is only as safe as what the publisher calls success. Some
// publishers need certain settings, and some never guarantee anything:
//
//   - NATS (watermill-nats): use JetStream; core NATS stores nothing. Connect with
//     ReconnectBufSize(-1). With the default buffer, what is published during an outage fails but
//     is sent later anyway, so URLR's retry makes a second message. Connect with MaxReconnects(-1),
//     or the connection is closed for good after an outage of about two minutes. Set TrackMsgId,
//     which makes the UUID the Nats-Msg-Id, and use WithRetry with less than the stream's duplicate
//     window (2 minutes by default): then a message whose acknowledgment was lost is stored once. A
//     standalone server survives a power failure only with sync_interval: always. Publish's timeout
//     does not apply: the client waits 5 seconds for each acknowledgment, see natsgo.MaxWait.
//   - Kafka (watermill-kafka): set Producer.RequiredAcks to sarama.WaitForAll in a config based on
//     DefaultSaramaSyncPublisherConfig, and min.insync.replicas to 2 or more on the topic. The
//     default trusts one broker. A retry can store a message twice, with the same UUID. Publish's
//     timeout does not apply: sarama's timeouts and Producer.Retry do.
//   - AMQP, such as RabbitMQ (watermill-amqp): set Publish.ConfirmDelivery, and use a durable
//     config. Without ConfirmDelivery, success means that the message was written to a socket. The
//     broker also confirms, and drops, messages that no queue is bound to: start a consumer once
//     before the first delivery. A retry can store a message twice, with the same UUID. Publish's
//     timeout does not apply if a confirmation never arrives.
//   - Redis Streams (watermill-redisstream): Redis needs appendonly yes, appendfsync always and the
//     eviction policy noeviction. A limit on the stream's length drops clicks that nobody has read.
//     A retry can store a message twice, with the same UUID.
//   - SQL (watermill-sql): success is a committed row. In Postgres, let GeneratePayloadType return
//     BYTEA: JSONB, like MySQL's JSON, changes the bytes, so that [core.Event.Raw] is no longer
//     what URLR signed. If you pass a transaction instead of the database, success means nothing
//     before the commit: see below.
//   - Other brokers: test it. Publish, kill the broker at once, restart it, and look.
//   - GoChannel guarantees nothing. Messages published without a subscriber, or not yet handled
//     when the process ends, are lost. Use it in tests, or after an outbox. With PreserveContext,
//     its consumers get a context that is done.
//
// # One message per click
//
// Mount Deduplicate before Publish, as before any handler: it skips deliveries that were published
// but whose response was lost. Three things can still turn one click into two messages:
//
//   - The outcome of an attempt is in doubt because the broker disconnected before it responded.
//     WithRetry tries again with the same UUID. JetStream stores that message once; elsewhere, let
//     the consumer record the UUIDs it has handled, in one transaction with the effect. When
//     WithRetry gives up, the outcome stays in doubt, and URLR's retry has another UUID.
//   - The process dies after publishing, before the guard knows. WithRetry can't help: URLR's retry
//     has another UUID.
//   - The consumer dies after its effect, before its acknowledgment: the broker delivers the
//     message again, with the same UUID.
//
// An outbox leaves only the last of these: sqlurlr's transaction commits the message, the
// bookkeeping and any other effect together, or nothing. Another goroutine or process then relays
// the rows. Create the outbox's table at startup, because AutoInitializeSchema does not work in a
// transaction.
//
//	store := sqlurlr.New(db, sqlurlr.Postgres)
//	handler := store.Handler(func(ctx context.Context, tx *sql.Tx, click *core.Event) error {
//		outbox, err := watermillsql.NewPublisher(watermillsql.TxFromStdSQL(tx), config, logger)
//		if err != nil {
//			return err
//		}
//		return watermillurlr.Publish(outbox, "clicks")(ctx, click)
//	})
//
// WithRetry is useless there: a failed transaction stays failed. examples/durable is such a
// receiver, with SQLite.
//
// # Messages that can't be handled
//
// [Event] and [Consume] return an error that wraps [ErrAlien] for a message that Publish did not
// create. Give the router a poison queue for those, or the broker delivers them again and again:
//
//	isAlien := func(err error) bool { return errors.Is(err, watermillurlr.ErrAlien) }
//	poison, err := middleware.PoisonQueueWithFilter(publisher, "clicks_poison", isAlien)
//	// ...
//	router.AddMiddleware(poison)
//
// # Versions
//
// This module requires Watermill v1.5.0 or later, and no broker's client. It is tested with v1.5.0
// and with the newest version. Watermill's own module graph contains chi and Prometheus, for
// components that this package does not import.
package watermillurlr
