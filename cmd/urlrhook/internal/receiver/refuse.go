package receiver

import "net/http"

// refuse answers what is no delivery, of which nothing is kept. It reports whether it did.
func (r *Receiver) refuse(w http.ResponseWriter, request *http.Request) bool {
	switch {
	case request.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(
			w,
			"URLR sends its webhooks with POST. The page of urlrhook has another address.",
			http.StatusMethodNotAllowed,
		)
	case isFromBrowser(request.Header):
		http.Error(
			w,
			"urlrhook takes no deliveries from browsers: send them with urlrhook send, or with curl.",
			http.StatusForbidden,
		)
	case r.isLoop(request.Header):
		r.loop()
		http.Error(w, "--forward leads back to urlrhook: name the address of your application.", http.StatusLoopDetected)
	default:
		return false
	}
	return true
}

// isFromBrowser reports whether a website may have made a request. Browsers send these headers with
// each POST, URLR never does. The host tells nothing here: a tunnel has names of its own.
func isFromBrowser(h http.Header) bool {
	return len(h.Values("Origin"))+len(h.Values("Sec-Fetch-Site")) > 0
}
