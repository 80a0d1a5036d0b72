// Package loadtest proves, over real servers, proxies and a real Redis, that package dedupe counts each
// click once, whatever fails in between, in every framework. It has nothing but tests.
//
//	go test -run TestEachClickOnce -v ./loadtest                                 # small, some seconds
//	go test -run TestEachClickOnce -v -parallel 4 ./loadtest -load.clicks 20000  # what the table in the README quotes
package loadtest
