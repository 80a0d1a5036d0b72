-- What Redis keeps of a fingerprint, in five keys of one hash slot:
--
--   attempts  sorted set: the attempts under way, by the end of their lease
--   blocking  set: those of them that make other deliveries come back, because the sender is gone, the lease is
--             exclusive, or the attempt took a credit
--   orphans   hash: those of them that become a credit when their lease ends, each with 'took' or 'processed' and the
--             retention of that credit
--   credits   sorted set: the attempts whose answer may not have arrived, by the end of the credit. An orphan has the
--             prefix 'took:' or 'processed:'
--   closed    sorted set: the attempts of which no step may begin anything any more, by the time until which one may
--             arrive late
--
-- Times are the server's, in milliseconds since 1970. A key expires with the last of what it has, and a key that has
-- nothing does not exist. Each step takes time in proportion to the logarithm of what there is.
--
-- ARGV: the attempt's id, for how long a step may arrive late, and what else the step needs.
local attempts, blocking, orphans, credits, closed = unpack(KEYS)
local id, late = ARGV[1], tonumber(ARGV[2])

-- plain is the common case: at most there are attempts under way, and all that is known of them is their lease.
local plain = redis.call('EXISTS', blocking, orphans, credits, closed) == 0
