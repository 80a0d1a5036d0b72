package receiver

// SetMaxUnderWay lets tests exceed the limit without a thousand connections.
func (r *Receiver) SetMaxUnderWay(n int) { r.admission = make(chan struct{}, n) }
