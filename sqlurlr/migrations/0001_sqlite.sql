-- What a dedupe.Guard knows of the deliveries under way, and of those whose answer may be lost.
-- One row for each attempt. Times are in microseconds since 1970, durations in microseconds.
CREATE TABLE IF NOT EXISTS "urlr_dedupe" (
	fingerprint  text    NOT NULL, -- of the event
	attempt      text    NOT NULL, -- its id, in hexadecimal digits
	lease_ends   integer NOT NULL, -- 0: ended
	retention    integer NOT NULL, -- of the credit that the attempt becomes if nobody ends it
	flags        integer NOT NULL, -- 1: took a credit, 2: counts as processed if nobody ends it,
	                               -- 4: the sender is gone, 8: the effect is committed
	credit_added integer NOT NULL,
	credit_ends  integer NOT NULL, -- 0: no credit
	closed_until integer NOT NULL, -- until then, no late step begins the attempt
	expires      integer NOT NULL, -- then the row says nothing any more, and is deleted
	PRIMARY KEY (fingerprint, attempt)
) WITHOUT ROWID;
