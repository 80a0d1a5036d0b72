// Package brokertest tests watermillurlr with real brokers and kills them. It is a separate module,
// so that users of watermillurlr get no broker or database driver in their module graph.
package brokertest
