package receiver

// SetMaxUnderWay lets tests have too many deliveries under way without a thousand connections.
func (r *Receiver) SetMaxUnderWay(n int) { r.admission = make(chan struct{}, n) }
