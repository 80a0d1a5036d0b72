-- The state of a dedupe.Guard: attempts in progress, credits and closed attempts, one row each.
-- Times are in microseconds since 1970, durations in microseconds.
CREATE TABLE IF NOT EXISTS "urlr_dedupe" (
	fingerprint  text COLLATE "C" NOT NULL, -- of the event
	attempt      text COLLATE "C" NOT NULL, -- its id, in hexadecimal digits
	lease_ends   bigint  NOT NULL,          -- 0 if it has ended
	retention    bigint  NOT NULL,          -- of the credit that the attempt becomes if it is never ended
	flags        integer NOT NULL,          -- 1: used up a credit, 2: counts as processed if never ended,
	                                        -- 4: the sender disconnected, 8: the effect is committed
	credit_added bigint  NOT NULL,
	credit_ends  bigint  NOT NULL,          -- 0 without a credit
	closed_until bigint  NOT NULL,          -- until then, late calls have no effect
	expires      bigint  NOT NULL,          -- when the row can be deleted
	PRIMARY KEY (fingerprint, attempt)
) WITH (fillfactor = 80);
