// Package watermillurlr hands URLR's clicks to a message broker before URLR gets its 2xx, over
// Watermill: Kafka, NATS JetStream, AMQP, Redis Streams, SQL or a cloud's queue. With NATS JetStream:
//
//	publisher, err := nats.NewPublisher(nats.PublisherConfig{
//		URL:         "nats://localhost:4222",
//		NatsOptions: []natsgo.Option{natsgo.ReconnectBufSize(-1), natsgo.MaxReconnects(-1)},
//		JetStream:   nats.JetStreamConfig{TrackMsgId: true},
//	}, logger)
//	// ...
//	publish := watermillurlr.Publish(publisher, "clicks", watermillurlr.WithRetry(20*time.Second))
//	r.POST("/webhooks/urlr", ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(publish))
//
// and in the consumer, which may be another program:
//
//	router.AddConsumerHandler("count", "clicks", subscriber, watermillurlr.Consume(record))
//
// where record is a [core.HandlerFunc] as everywhere else. (Watermill 1.5.0 calls AddConsumerHandler
// AddNoPublisherHandler.)
//
// # Messages
//
// The payload is [core.Event.Raw]. The metadata has the event's type, form and fingerprint: see
// [TypeKey], [FormKey] and [FingerprintKey]. [Event] needs all of it, and the payload's very bytes.
//
// The UUID is random. Never use the fingerprint as a message's ID: two clicks that happen to have the
// same body share it, and a broker that drops IDs it has seen drops the second click.
//
// # What the publisher must promise
//
// A click that got its 2xx is only as safe as what the publisher's success means. Some need settings
// for it, and some never promise anything:
//
//   - NATS (watermill-nats): use JetStream; core NATS stores nothing. Connect with
//     ReconnectBufSize(-1). With the default buffer, what is published during an outage fails, and
//     is sent later all the same: URLR's retry makes two of it. Connect with MaxReconnects(-1), or
//     the connection is closed for good after an outage of about two minutes. Set TrackMsgId, which
//     makes the UUID the Nats-Msg-Id, and WithRetry with less than the stream's duplicate window
//     (2 minutes by default): a message whose acknowledgement was lost is then stored once. A server
//     on its own survives a power failure only with sync_interval: always. The time limit of Publish
//     does not apply: the client waits 5 seconds for each acknowledgement, see natsgo.MaxWait.
//   - Kafka (watermill-kafka): set Producer.RequiredAcks to sarama.WaitForAll in a config based on
//     DefaultSaramaSyncPublisherConfig, and min.insync.replicas to 2 or more on the topic. The
//     default trusts one broker. A retry can store a message twice, with the same UUID. The time
//     limit of Publish does not apply: sarama's timeouts and Producer.Retry do.
//   - AMQP, such as RabbitMQ (watermill-amqp): set Publish.ConfirmDelivery, and use a durable
//     config. Without ConfirmDelivery, success means that the message was written to a socket. The
//     broker also confirms what no queue is bound to, and drops it: start a consumer once before the
//     first delivery. A retry can store a message twice, with the same UUID. The time limit of
//     Publish does not apply to a confirmation that does not come.
//   - Redis Streams (watermill-redisstream): Redis needs appendonly yes, appendfsync always and the
//     eviction policy noeviction. A limit on the stream's length drops clicks that nobody has read.
//     A retry can store a message twice, with the same UUID.
//   - SQL (watermill-sql): success is a committed row. In Postgres, let GeneratePayloadType return
//     BYTEA: JSONB, like MySQL's JSON, changes the bytes, and [core.Event.Raw] is not what URLR
//     signed any more. With a transaction in the place of the database, success means nothing before
//     the commit: see below.
//   - Other brokers: publish, kill the broker at once, start it, and look.
//   - GoChannel promises nothing. What is published without a subscriber, or not handled yet when
//     the process ends, is lost. It is for tests, or behind an outbox. With PreserveContext its
//     consumers get a context that is done.
//
// # Each click in one message
//
// Deduplicate comes before Publish, as before any handler: it skips deliveries that were published,
// but whose answer got lost. Then three things can still make two messages of one click:
//
//   - The outcome of an attempt is in doubt, because the broker went away before it answered.
//     WithRetry tries again with the same UUID. JetStream stores that once; elsewhere the consumer
//     keeps the UUIDs that it has handled, in one transaction with the effect. When WithRetry gives
//     up, the outcome stays in doubt, and URLR's retry has another UUID.
//   - The process dies after publishing, before the guard knows. WithRetry can't help: the
//     delivery comes again with another UUID.
//   - The consumer dies after its effect, before the acknowledgement: the broker delivers the
//     message again, with the same UUID.
//
// An outbox has none but the last: sqlurlr's transaction takes the message, the bookkeeping and any
// other effect at once, or nothing. Another goroutine or process then passes the rows on. Create the
// outbox's table when the program starts: AutoInitializeSchema does not work in a transaction.
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
// There WithRetry is of no use: a transaction that has failed stays so. examples/durable is such a
// receiver, with SQLite.
//
// # Messages that can't be handled
//
// [Event] and [Consume] return an error that wraps [ErrAlien] for a message that Publish did not make.
// Give the router a poison queue for those, or the broker delivers them again and again:
//
//	isAlien := func(err error) bool { return errors.Is(err, watermillurlr.ErrAlien) }
//	poison, err := middleware.PoisonQueueWithFilter(publisher, "clicks_poison", isAlien)
//	// ...
//	router.AddMiddleware(poison)
//
// # Versions
//
// This module requires Watermill v1.5.0 or later, and no broker's client. The tests pass with that
// version and with the newest. Watermill's own module graph names chi and Prometheus, for components
// that this package does not import.
package watermillurlr
