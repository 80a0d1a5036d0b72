-- What Redis keeps of a fingerprint, in keys of one hash slot:
--
--   KEYS[1]  a sorted set of all that is unusual. It does not exist as long as nothing is.
--   KEYS[2]  a string for each attempt that is under way, until its lease ends. It is empty, as a rule. If the attempt
--            becomes a credit when nobody ends it, it is 'took:' or 'processed:' and the retention of that credit.
--
-- Members of the sorted set are of these kinds, each until a time:
--
--   blocking  'blocking:<id>', until its lease ends: an attempt that makes other deliveries come back, because the
--             sender is gone, the lease is exclusive, or the attempt took a credit
--   orphan    '<string of the attempt>:<id>', until its lease ends: an attempt that becomes a credit then
--   credit    '<id>', or for that of an orphan 'took:<id>' or 'processed:<id>': an attempt whose answer may not have
--             arrived
--   closed    'closed:<id>': an attempt whose steps may still arrive, and then neither begin it nor add a credit
--
-- A score is the number of the kind times 2^45, plus the time. So what of a kind ends first is found at once. Times are
-- the server's, in milliseconds since 1970.
--
-- ARGV: the attempt's id, for how long a step may arrive late, and what else the step needs.
local unusual, attempt = KEYS[1], KEYS[2]
local id, late = ARGV[1], tonumber(ARGV[2])
local usual = redis.call('EXISTS', unusual) == 0
