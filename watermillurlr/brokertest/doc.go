// Package brokertest tests watermillurlr with real brokers that are killed. It is a module of its own,
// so that no user of watermillurlr gets a broker or a database driver in their module graph.
package brokertest
