package receiver

import "net/http"

// refuse answers a request that is not a delivery and keeps nothing of it. It reports whether it
// did.
func (r *Receiver) refuse(w http.ResponseWriter, request *http.Request) bool {
	switch {
	case request.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(
			w,
			"URLR sends webhooks with POST. The page of urlrhook has another address.",
			http.StatusMethodNotAllowed,
		)
	case isFromBrowser(request.Header):
		http.Error(
			w,
			"urlrhook accepts no deliveries from browsers: use urlrhook send or curl.",
			http.StatusForbidden,
		)
	case r.isLoop(request.Header):
		r.loop()
		http.Error(w, "--forward leads back to urlrhook: name your application's address.", http.StatusLoopDetected)
	default:
		return false
	}
	return true
}

// isFromBrowser reports whether a website may have made a request. Browsers send these headers with
// every POST, URLR never does. The host says nothing: a tunnel has names of its own.
func isFromBrowser(h http.Header) bool {
	return len(h.Values("Origin"))+len(h.Values("Sec-Fetch-Site")) > 0
}
