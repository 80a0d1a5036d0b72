package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	playground "github.com/go-playground/webhooks/v6/github"
	"github.com/google/go-github/v88/github"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stripe/stripe-go/v84"
	"github.com/stripe/stripe-go/v84/webhook"

	"github.com/urlr-community/webhooks-go/core"
)

// peerCases returns cases for other webhook libraries: verification alone, and with decoding, of
// the bodies they are made for, as long as ours.
func peerCases() []benchCase {
	var cases []benchCase
	for _, peer := range []func() []benchCase{goGitHub, stripeGo, slackGo, standardWebhooks, goPlayground} {
		cases = append(cases, peer()...)
	}
	return cases
}

var gitHubBody = padded(`{"ref":"main","ref_type":"branch","master_branch":"main","pusher_type":"user",` +
	`"repository":{"id":1296269,"name":"Hello-World","full_name":"octocat/Hello-World",` +
	`"private":false,"description":"%s"},"sender":{"login":"octocat","id":1,"type":"User","site_admin":false}}`)

func goGitHub() []benchCase {
	key, signature := []byte(secret), "sha256="+core.Sign(secret, gitHubBody)
	verify := func() error { return github.ValidateSignature(signature, gitHubBody, key) }
	return []benchCase{
		{"go-github, verify", verify},
		{"go-github, verify and decode", func() error {
			if err := verify(); err != nil {
				return err
			}
			_, err := github.ParseWebHook("create", gitHubBody)
			return err
		}},
	}
}

func stripeGo() []benchCase {
	payload := padded(`{"id":"evt_1","object":"event","api_version":"2026-05-28","created":1780000000,` +
		`"livemode":false,"pending_webhooks":1,"type":"customer.created",` +
		`"data":{"object":{"id":"cus_1","object":"customer","country":"FR","city":"Cr\u00e9hen","description":"%s"}}}`)
	unsigned := &webhook.UnsignedPayload{Payload: payload, Secret: secret, Timestamp: time.Now()}
	header := webhook.GenerateTestSignedPayload(unsigned).Header
	return []benchCase{
		{"stripe-go, verify", func() error {
			return webhook.ValidatePayloadIgnoringTolerance(payload, header, secret)
		}},
		{"stripe-go, verify and decode", func() error {
			event, err := webhook.ConstructEventWithOptions(payload, header, secret,
				webhook.ConstructEventOptions{IgnoreTolerance: true, IgnoreAPIVersionMismatch: true})
			if event.Type != stripe.EventTypeCustomerCreated {
				return errors.New("unexpected event")
			}
			return err
		}},
	}
}

func slackGo() []benchCase {
	payload := padded(`{"token":"x","team_id":"T061EG9R6","api_app_id":"A0PNCHHK2","type":"event_callback",` +
		`"event_id":"Ev0PV52K21","event_time":1780000000,` +
		`"event":{"type":"reaction_added","user":"U061F7AUR","item_user":"U222222222","reaction":"%s",` +
		`"event_ts":"1780000000.000001","item":{"type":"message","channel":"C0G9QF9GZ","ts":"1780000000.000002"}}}`)
	// the verifier rejects timestamps older than five minutes, more than a run takes
	timestamp := fmt.Sprint(time.Now().Unix())
	header := http.Header{}
	header.Set("X-Slack-Request-Timestamp", timestamp)
	header.Set("X-Slack-Signature", "v0="+core.Sign(secret, fmt.Appendf(nil, "v0:%s:%s", timestamp, payload)))
	verify := func() error {
		verifier, err := slack.NewSecretsVerifier(header, secret)
		if err != nil {
			return err
		}
		if _, err := verifier.Write(payload); err != nil {
			return err
		}
		return verifier.Ensure()
	}
	return []benchCase{
		{"slack-go, verify", verify},
		{"slack-go, verify and decode", func() error {
			if err := verify(); err != nil {
				return err
			}
			_, err := slackevents.ParseEvent(payload, slackevents.OptionNoVerifyToken())
			return err
		}},
	}
}

func standardWebhooks() []benchCase {
	wh, err := standardwebhooks.NewWebhook("whsec_" + base64.StdEncoding.EncodeToString([]byte(secret)))
	if err != nil {
		panic(err)
	}
	now := time.Now()
	signature, err := wh.Sign("msg_1", now, body)
	if err != nil {
		panic(err)
	}
	header := http.Header{}
	header.Set(standardwebhooks.HeaderWebhookID, "msg_1")
	header.Set(standardwebhooks.HeaderWebhookTimestamp, fmt.Sprint(now.Unix()))
	header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	verify := func() error { return wh.VerifyIgnoringTimestamp(body, header) }
	return []benchCase{
		{"standard-webhooks, verify", verify},
		{"standard-webhooks, verify and decode", func() error {
			if err := verify(); err != nil {
				return err
			}
			var c click // the library does not decode
			return json.Unmarshal(body, &c)
		}},
	}
}

func goPlayground() []benchCase {
	hook, err := playground.New(playground.Options.Secret(secret))
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, nil)
	r.Header.Set("X-GitHub-Event", string(playground.CreateEvent))
	r.Header.Set("X-Hub-Signature-256", "sha256="+core.Sign(secret, gitHubBody))
	reader := bytes.NewReader(gitHubBody)
	return []benchCase{{"go-playground/webhooks, verify and decode", func() error {
		reader.Reset(gitHubBody)
		r.Body = io.NopCloser(reader)
		_, err := hook.Parse(r, playground.CreateEvent)
		return err
	}}}
}
