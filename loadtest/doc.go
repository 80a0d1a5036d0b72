// Package loadtest proves, over real servers, proxies and Redis, that package dedupe counts each
// click once in every framework, whatever fails in between. It contains only tests.
//
// The first command takes a few seconds. The second one gives the figures quoted in the
// documentation.
//
//	go test -run TestEachClickOnce -v ./loadtest
//	go test -run TestEachClickOnce -v -parallel 4 ./loadtest -load.clicks 20000
package loadtest
