package sqlurlr_test

import (
	"testing"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/dedupe/storetest"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

func TestStore(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		store := sqlurlr.New(d.open(t), d.dialect)
		storetest.Run(t, func(*testing.T) dedupe.Store { return store })
	})
}
