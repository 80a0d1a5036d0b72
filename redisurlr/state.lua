-- State of a fingerprint, in keys of one hash slot:
--
--   KEYS[1]  a sorted set of everything unusual. It exists only while something is.
--   KEYS[2]  a string per attempt in progress, which expires with the attempt's lease. It is
--            usually empty. If the attempt becomes a credit when its lease ends, the string
--            is 'took:' or 'processed:' and the retention of that credit.
--
-- Members of the sorted set are of these kinds, each until its expiry:
--
--   blocking  'blocking:<id>', until its lease ends: an attempt that defers other deliveries
--             because its sender disconnected, its lease is exclusive, or it used a credit
--   orphan    '<string of the attempt>:<id>', until its lease ends: an attempt that then becomes
--             a credit
--   credit    '<id>', or for an orphan 'took:<id>' or 'processed:<id>': an attempt whose response
--             may not have arrived
--   closed    'closed:<id>': an attempt whose calls may still arrive, but must no longer begin it
--             or add a credit
--
-- A score is the number of the kind times 2^45, plus the expiry, so the member of a kind that
-- expires first is found at once. Times are the server's, in milliseconds since 1970.
--
-- ARGV: the attempt's ID, how late a call may arrive, and the arguments of the call.
local unusual, attempt = KEYS[1], KEYS[2]
local id, late = ARGV[1], tonumber(ARGV[2])
local usual = redis.call('EXISTS', unusual) == 0
